/** Thrown into a start that continues while everything is already being closed. */
export class StoppingError extends Error {
	override readonly name = 'StoppingError';

	constructor() {
		super('The server is stopping');
	}
}

interface Entry {
	readonly name: string;
	readonly close: (withinMs: number) => unknown;
	/** Kept free for it, however long the ones closed before it take. */
	readonly needsMs: number;
}

const defaultNeedsMs = 100;
const defaultDeadlineMs = 9_000;

/**
 * What this process has opened, closed last first: after a failed start, a signal, or at the end of a command. Closing may begin
 * while the start still runs: what it opens from then on is closed too, and it is told to stop.
 */
export class OpenResources {
	readonly #entries: Entry[] = [];
	readonly #unfinished: string[] = [];
	readonly #stopping = new AbortController();
	#deadlineMs = Infinity;
	#closing: Promise<void> | undefined;

	/** Aborted when closing begins, for loops and waits of the start. */
	get signal(): AbortSignal {
		return this.#stopping.signal;
	}

	/**
	 * Adds what was just opened; the answer takes it off the list again.
	 *
	 * @throws StoppingError when closing has begun; what was opened is closed then
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

	/** Closes everything within a time, and answers the names of what did not close in time or failed to close. */
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
