import { clientGone, overloaded } from '../errors.ts';

/** For whom something is done: what asks for much shares one lane, and waits for itself. */
export interface Turn {
	/** The account and the networks, each by a name of its own. */
	readonly lanes: readonly string[];
	/** Aborted when the client goes away. */
	readonly signal?: AbortSignal | undefined;
}

interface Ticket {
	/** How many of the same account or network are ahead; endless for work that nobody waits for. */
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
 * Runs so many works at once and lets the others wait, fairly: each comes after those who have asked for less. A flood from
 * one network or for one account fills its own lane, and everybody else is served between two of it.
 */
export class FairQueue {
	readonly #options: Options;
	readonly #inLane = new Map<string, number>();
	/** In the order in which they start. */
	readonly #waiting: Ticket[] = [];
	#running = 0;

	constructor(options: Options) {
		this.#options = options;
	}

	get waiting(): number {
		return this.#waiting.length;
	}

	/** Throws 503 where too many are ahead, or after the longest wait. */
	async run<Result>(work: () => Promise<Result>, turn: Turn): Promise<Result> {
		const rank = Math.max(0, ...turn.lanes.map((lane) => this.#inLane.get(lane) ?? 0));
		for (const lane of turn.lanes) this.#inLane.set(lane, (this.#inLane.get(lane) ?? 0) + 1);
		try {
			await this.#wait(rank, turn.signal);
			return await this.#work(work);
		} finally {
			for (const lane of turn.lanes) this.#leave(lane);
		}
	}

	/** Runs when nobody who waits for an answer needs the place, however long that takes. */
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

	/** Returns when there is a place, which is then taken. */
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

	/** Refuses whoever has asked for the most, which may be the newcomer. */
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
