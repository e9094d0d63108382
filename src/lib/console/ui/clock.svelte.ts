import { createSubscriber } from 'svelte/reactivity';

/** A reactive clock for effects and templates, with one timer per page. */
class Clock {
	readonly #subscribe: () => void;

	constructor(everyMs: number) {
		this.#subscribe = createSubscriber((update) => {
			const timer = setInterval(update, everyMs);
			return () => clearInterval(timer);
		});
	}

	/** Milliseconds since 1970, updated at every tick. */
	get nowMs(): number {
		this.#subscribe();
		return Date.now();
	}
}

export const slowClock = new Clock(30_000);
export const fastClock = new Clock(1000);
