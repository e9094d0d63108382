/** Thrown into a startup that is still running when shutdown starts. */
export class StoppingError extends Error {
	override readonly name = 'StoppingError';

	constructor() {
		super('The server is stopping');
	}
}

interface Entry {
	readonly name: string;
	readonly close: (withinMs: number) => unknown;
	/** Time reserved for closing it, however long earlier closes take. */
	readonly needsMs: number;
}

const defaultNeedsMs = 100;
const defaultDeadlineMs = 9_000;

/**
 * Resources opened by this process, closed in reverse order after a failed startup, on a signal or when a command ends.
 * Shutdown can start during startup: startup is then aborted, and anything it still opens is closed too.
 */
export class OpenResources {
	readonly #entries: Entry[] = [];
	readonly #unfinished: string[] = [];
	readonly #stopping = new AbortController();
	#deadlineMs = Infinity;
	#closing: Promise<void> | undefined;

	/** Aborted when shutdown starts; for loops and waits during startup. */
	get signal(): AbortSignal {
		return this.#stopping.signal;
	}

	/**
	 * Adds an opened resource and returns a function that removes it from the list.
	 * @throws {StoppingError} if shutdown has started; the resource is closed then
	 */
	add(name: string, close: (withinMs: number) => unknown, needsMs = defaultNeedsMs): () => void {
		const entry = { name, close, needsMs };
		this.#entries.push(entry);
		if (this.signal.aborted) {
			this.#closing ??= this.#closeEntries();
			throw new StoppingError();
		}
		return () => {
			const index = this.#entries.indexOf(entry);
			if (index >= 0) this.#entries.splice(index, 1);
		};
	}

	/** Closes everything within `withinMs` and returns the names of what timed out or failed. */
	async closeAll(withinMs = defaultDeadlineMs): Promise<readonly string[]> {
		this.#deadlineMs = Math.min(this.#deadlineMs, performance.now() + withinMs);
		this.#stopping.abort();
		this.#closing ??= this.#closeEntries();
		await this.#closing;
		return this.#unfinished;
	}

	async #closeEntries(): Promise<void> {
		for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
			const reservedMs = this.#entries.reduce((sum, { needsMs }) => sum + needsMs, 0);
			const spareMs = this.#deadlineMs - performance.now() - reservedMs;
			await this.#close(entry, Math.max(entry.needsMs, spareMs));
		}
		this.#closing = undefined;
	}

	async #close({ name, close }: Entry, withinMs: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<'late'>((resolve) => {
			timer = setTimeout(resolve, withinMs, 'late');
		});
		const closed = Promise.resolve(withinMs)
			.then(close)
			.then(
				() => 'closed' as const,
				(error: unknown) => (error instanceof Error ? error : new Error(String(error)))
			);
		const outcome = await Promise.race([closed, late]);
		clearTimeout(timer);
		if (outcome === 'late') this.#unfinished.push(name);
		else if (outcome !== 'closed') this.#unfinished.push(`${name} (${outcome.message})`);
	}
}
