import { LRUCache } from 'lru-cache';

interface Options {
	readonly maxAgeMs: number;
	/** How long until fetching may be tried again after it has been tried twice. */
	readonly refillMs: number;
}

const maxEntries = 100;
const burst = 1;

/**
 * Remembers what was fetched from providers. However many ask at the same moment, one fetch is made, and how often fetching
 * is tried again is limited, so that requests which anyone can send do not become requests to a provider.
 */
export class Remembered<Value extends object> {
	readonly #values: LRUCache<string, Value>;
	readonly #failures: LRUCache<string, { readonly error: unknown }>;
	readonly #budgets = new LRUCache<string, { left: number; at: number }>({ max: maxEntries });
	readonly #refillMs: number;
	#running = new Map<string, Promise<Value>>();

	constructor({ maxAgeMs, refillMs }: Options) {
		const limits = { max: maxEntries, ttl: maxAgeMs, ttlResolution: 0, perf: { now: () => performance.now() } };
		this.#values = new LRUCache(limits);
		this.#failures = new LRUCache(limits);
		this.#refillMs = refillMs;
	}

	/** Gives what is remembered, or fetches it. While fetching is not allowed, throws the last failure again. */
	async get(key: string, fetch: () => Promise<Value>): Promise<Value> {
		const known = this.#values.get(key);
		if (known) return known;
		const failure = this.#failures.get(key);
		if (failure && !this.#running.has(key) && !this.#mayFetch(key)) throw failure.error;
		return this.#fetch(key, fetch);
	}

	/** Fetches again what may have changed; gives what is remembered while that is not allowed. */
	async renew(key: string, fetch: () => Promise<Value>): Promise<Value> {
		const known = this.#values.get(key);
		if (known && !this.#running.has(key) && !this.#mayFetch(key)) return known;
		return this.#fetch(key, fetch);
	}

	/** Fetches in any case. */
	replace(key: string, fetch: () => Promise<Value>): Promise<Value> {
		this.#running.delete(key);
		return this.#fetch(key, fetch);
	}

	/** Forgets everything, fetches under way included. */
	clear(): void {
		this.#values.clear();
		this.#failures.clear();
		this.#budgets.clear();
		this.#running = new Map();
	}

	#fetch(key: string, fetch: () => Promise<Value>): Promise<Value> {
		const running = this.#running;
		const underWay = running.get(key);
		if (underWay) return underWay;
		const fetched: Promise<Value> = fetch()
			.then(
				(value) => {
					if (running.get(key) === fetched && running === this.#running) this.#values.set(key, value);
					return value;
				},
				(error: unknown) => {
					if (running.get(key) === fetched && running === this.#running) this.#failures.set(key, { error });
					throw error;
				}
			)
			.finally(() => {
				if (running.get(key) === fetched) running.delete(key);
			});
		running.set(key, fetched);
		return fetched;
	}

	#mayFetch(key: string): boolean {
		const now = performance.now();
		const { left, at } = this.#budgets.get(key) ?? { left: burst, at: now };
		const refilled = Math.min(burst, left + (now - at) / this.#refillMs);
		this.#budgets.set(key, { left: refilled < 1 ? refilled : refilled - 1, at: now });
		return refilled >= 1;
	}
}
