import { createSubscriber } from 'svelte/reactivity';

/** Ticks for everyone who reads it in an effect or a template, with one timer for a whole page of them. */
class Clock {
	readonly #subscribe: () => void;

	constructor(everyMs: number) {
		this.#subscribe = createSubscriber((update) => {
			const timer = setInterval(update, everyMs);
			return () => clearInterval(timer);
		});
	}

	/** Milliseconds since 1970, read anew at every tick. */
	get nowMs(): number {
		this.#subscribe();
		return Date.now();
	}
}

export const slowClock = new Clock(30_000);
export const fastClock = new Clock(1000);
