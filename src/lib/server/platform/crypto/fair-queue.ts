import { clientGone, overloaded } from '../errors.ts';

/** Whom the work is for. Requests in the same lane wait for each other. */
export interface QueueOptions {
	/** The user and the networks, each with a unique name. */
	readonly lanes: readonly string[];
	/** Aborted when the client disconnects. */
	readonly signal?: AbortSignal | undefined;
}

interface Ticket {
	/** Number of waiters ahead in the same lane; Infinity for background work. */
	readonly rank: number;
	readonly start: () => void;
	readonly refuse: (error: Error) => void;
}

interface Options {
	readonly concurrency: number;
	readonly maxWaiting: number;
	readonly maxWaitMs: number;
}

const retryAfterSeconds = 5;

/**
 * Runs a limited number of tasks concurrently and queues the rest fairly: tasks of lanes with fewer requests come first. A
 * flood from one network or for one user fills only its own lane; all others are served in between.
 */
export class FairQueue {
	readonly #options: Options;
	readonly #inLane = new Map<string, number>();
	/** In starting order. */
	readonly #waiting: Ticket[] = [];
	#running = 0;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Number of tasks that have not started. */
	get waiting(): number {
		return this.#waiting.length;
	}

	/**
	 * Runs the work when its turn comes.
	 * @throws {AppError} 503 if too many are ahead, or after the maximum wait
	 */
	async run<Result>(work: () => Promise<Result>, options: QueueOptions): Promise<Result> {
		const rank = Math.max(0, ...options.lanes.map((lane) => this.#inLane.get(lane) ?? 0));
		for (const lane of options.lanes) this.#inLane.set(lane, (this.#inLane.get(lane) ?? 0) + 1);
		try {
			await this.#wait(rank, options.signal);
			return await this.#work(work);
		} finally {
			for (const lane of options.lanes) this.#leave(lane);
		}
	}

	/** Runs when no request needs the slot, however long that takes. */
	async runLater<Result>(work: () => Promise<Result>): Promise<Result> {
		await this.#wait(Infinity);
		return this.#work(work);
	}

	async #work<Result>(work: () => Promise<Result>): Promise<Result> {
		try {
			return await work();
		} finally {
			this.#running -= 1;
			this.#startNext();
		}
	}

	/** Resolves once a slot is free, and takes it. */
	async #wait(rank: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) throw clientGone();
		if (this.#running < this.#options.concurrency) {
			this.#running += 1;
			return;
		}
		const isPatient = rank === Infinity;
		if (!isPatient) this.#makeRoom(rank);
		let stop = () => {};
		try {
			await new Promise<void>((resolve, reject) => {
				const ticket: Ticket = { rank, start: resolve, refuse: reject };
				this.#insert(ticket);
				const leave = (error: Error) => {
					const at = this.#waiting.indexOf(ticket);
					if (at !== -1) this.#waiting.splice(at, 1);
					reject(error);
				};
				const onGone = () => leave(clientGone());
				const timer = isPatient
					? undefined
					: setTimeout(() => leave(overloaded(retryAfterSeconds)), this.#options.maxWaitMs);
				signal?.addEventListener('abort', onGone, { once: true });
				stop = () => {
					clearTimeout(timer);
					signal?.removeEventListener('abort', onGone);
				};
			});
		} finally {
			stop();
		}
	}

	/** Rejects the waiter with the highest rank, which may be the newcomer. */
	#makeRoom(rank: number): void {
		const hurried = this.#waiting.filter((ticket) => ticket.rank !== Infinity);
		const last = hurried.at(-1);
		if (!last || hurried.length < this.#options.maxWaiting) return;
		if (last.rank <= rank) throw overloaded(retryAfterSeconds);
		this.#waiting.splice(this.#waiting.indexOf(last), 1);
		last.refuse(overloaded(retryAfterSeconds));
	}

	#insert(ticket: Ticket): void {
		const at = this.#waiting.findLastIndex(({ rank }) => rank <= ticket.rank);
		this.#waiting.splice(at + 1, 0, ticket);
	}

	#startNext(): void {
		const next = this.#waiting.shift();
		if (!next) return;
		this.#running += 1;
		next.start();
	}

	#leave(lane: string): void {
		const left = (this.#inLane.get(lane) ?? 1) - 1;
		if (left === 0) this.#inLane.delete(lane);
		else this.#inLane.set(lane, left);
	}
}
