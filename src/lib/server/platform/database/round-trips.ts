interface Trip {
	readonly token: string;
	/** Rejects after a timeout. */
	readonly received: Promise<void>;
}

/** Tracks our own notifications from being sent until they come back. */
export class RoundTrips {
	readonly #prefix: string;
	readonly #timeoutMs: number;
	readonly #waiting = new Map<string, () => void>();
	#count = 0;

	/** @param prefix distinguishes them from those of other instances */
	constructor(prefix: string, timeoutMs: number) {
		this.#prefix = prefix;
		this.#timeoutMs = timeoutMs;
	}

	/** Returns a new token to send. */
	begin(): Trip {
		const token = `${this.#prefix}${String(this.#count++)}`;
		const received = new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiting.delete(token);
				reject(new Error("The database answers, but its notifications don't arrive"));
			}, this.#timeoutMs);
			timer.unref();
			this.#waiting.set(token, () => {
				clearTimeout(timer);
				this.#waiting.delete(token);
				resolve();
			});
		});
		return { token, received };
	}

	/** Resolves the trip whose token has come back; ignores those of other instances. */
	end(token: string): void {
		this.#waiting.get(token)?.();
	}
}
