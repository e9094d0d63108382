import type { Pool } from 'pg';
import { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { toNetwork } from '#lib/server/platform/caller/network.ts';
import { tooManyFlows } from './errors.ts';
import type { Log } from '#lib/server/platform/log.ts';

const limit = { name: 'oauth-begin', attempts: 100, periodSeconds: 10 * 60 };

/**
 * Limits how many sign-in flows are started per public network, because anyone can start one and each is a row. Private
 * addresses aren't limited, because one may be a proxy for everyone: docs/decisions/017.
 */
export class FlowLimit {
	readonly #attempts: RateLimiter;
	readonly #log: Log;

	constructor(pool: Pool, log: Log) {
		this.#attempts = new RateLimiter(pool, limit, tooManyFlows);
		this.#log = log;
	}

	/**
	 * Counts a flow that is about to start.
	 * @throws {AppError} 429 with Retry-After above the limit
	 */
	async count(address: string): Promise<void> {
		const { name, isPublic } = toNetwork(address);
		if (!isPublic) return;
		try {
			await this.#attempts.count([name]);
		} catch (refused) {
			this.#log.warn({ address }, 'Sign-in refused: too many OAuth sign-ins started');
			throw refused;
		}
	}
}
