import { LRUCache } from 'lru-cache';

interface Options {
	readonly maxAgeMs: number;
	/** How long until one more fetch is allowed after the limit is reached. */
	readonly refillMs: number;
}

const maxEntries = 100;
const burst = 1;

/**
 * Caches what was fetched from providers. Concurrent requests share one fetch, and retries are limited, so that requests
 * anyone can send don't turn into requests to a provider.
 */
export class ExpiringCache<Value extends object> {
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

	/**
	 * Returns the cached value, or fetches it.
	 * @throws {Error} the last error again, while fetching isn't allowed
	 */
	async get(key: string, fetch: () => Promise<Value>): Promise<Value> {
		const known = this.#values.get(key);
		if (known) return known;
		const failure = this.#failures.get(key);
		if (failure && !this.#running.has(key) && !this.#mayFetch(key)) throw failure.error;
		return this.#fetch(key, fetch);
	}

	/** Fetches a value that may have changed; returns the cached one while that isn't allowed. */
	async renew(key: string, fetch: () => Promise<Value>): Promise<Value> {
		const known = this.#values.get(key);
		if (known && !this.#running.has(key) && !this.#mayFetch(key)) return known;
		return this.#fetch(key, fetch);
	}

	/** Always fetches. */
	replace(key: string, fetch: () => Promise<Value>): Promise<Value> {
		this.#running.delete(key);
		return this.#fetch(key, fetch);
	}

	/** Clears the cache; fetches in progress won't be cached. */
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
