import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyAttempts, type AppError } from '../errors.ts';

interface Limit {
	/** Unique name of the limit. */
	readonly name: string;
	readonly attempts: number;
	/** Starts with the first attempt. */
	readonly periodSeconds: number;
}

/** Limits wrong guesses and other repeated actions; counted in the database across all instances. */
export class RateLimiter {
	readonly #limiter: RateLimiterPostgres;
	readonly #refusal: (waitSeconds: number) => AppError;

	constructor(pool: Pool, { name, attempts, periodSeconds }: Limit, refusal = tooManyAttempts) {
		this.#refusal = refusal;
		this.#limiter = new RateLimiterPostgres({
			storeClient: pool,
			storeType: 'pool',
			schemaName: 'immich_auth',
			tableName: 'rate_limit',
			tableCreated: true,
			keyPrefix: name,
			points: attempts,
			duration: periodSeconds
		});
	}

	/**
	 * Counts an attempt before checking it, so parallel attempts can't bypass the limit.
	 * @throws {AppError} 429 with Retry-After above the limit
	 */
	async count(keys: readonly string[]): Promise<void> {
		for (const key of keys) {
			const refused = (await this.#refused(key)) && (await this.#refusedNow(key));
			if (refused) throw this.#refusal(Math.ceil(refused.msBeforeNext / 1_000));
		}
	}

	/**
	 * Checks that attempts are left, without counting one.
	 * @throws {AppError} 429 with Retry-After at the limit
	 */
	async requireLeft(key: string): Promise<void> {
		const state = await this.#limiter.get(key);
		const isFull = state !== null && state.consumedPoints >= this.#limiter.points;
		if (isFull && this.#isPlausible(state)) throw this.#refusal(Math.ceil(state.msBeforeNext / 1_000));
	}

	/** Whether it isn't a count made before the clock was set back: no period lasts longer than its length. */
	#isPlausible(state: RateLimiterRes): boolean {
		return state.msBeforeNext <= this.#limiter.duration * 1_000;
	}

	/** Retries without counts made before the clock was set back. */
	async #refusedNow(key: string): Promise<RateLimiterRes | null> {
		const state = await this.#limiter.get(key);
		if (state && this.#isPlausible(state)) return state;
		await this.#limiter.delete(key);
		return this.#refused(key);
	}

	async #refused(key: string): Promise<RateLimiterRes | null> {
		try {
			await this.#limiter.consume(key);
			return null;
		} catch (refused) {
			if (refused instanceof RateLimiterRes) return refused;
			throw refused;
		}
	}

	/** Counts an attempt that was already checked, and returns the new count. Never throws 429. */
	async add(key: string): Promise<number> {
		return (await this.#limiter.penalty(key)).consumedPoints;
	}

	/** Takes back a counted attempt that turned out to be right. */
	async takeBack(keys: readonly string[]): Promise<void> {
		await Promise.all(keys.map((key) => this.#limiter.reward(key)));
	}

	/** Resets the counts after a correct guess. */
	async forget(keys: readonly string[]): Promise<void> {
		await Promise.all(keys.map((key) => this.#limiter.delete(key)));
	}
}
