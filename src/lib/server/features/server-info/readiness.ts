import { setTimeout as sleep } from 'node:timers/promises';
import { databaseUnreachable } from '#lib/server/platform/errors.ts';

interface Pinged {
	ping(): Promise<void>;
}

const answerWithinMs = 2_000;
/** How long a result is cached for all callers, so that frequent checks cost nothing. */
const freshForMs = 1_000;

/** Checks whether requests can be served. */
export class Readiness {
	readonly #database: Pinged;
	#querying: Promise<void> | null = null;
	#askedAtMs = -Infinity;

	constructor(database: Pinged) {
		this.#database = database;
	}

	/**
	 * Checks that the database responds in time.
	 * @throws {AppError} 503 if it doesn't
	 */
	async check(): Promise<void> {
		if (!this.#querying || performance.now() - this.#askedAtMs > freshForMs) {
			this.#askedAtMs = performance.now();
			this.#querying = this.#query();
		}
		try {
			await this.#querying;
		} catch (cause) {
			throw databaseUnreachable(cause);
		}
	}

	async #query(): Promise<void> {
		const over = new AbortController();
		const late = sleep(answerWithinMs, undefined, { signal: over.signal }).then(() => {
			throw new Error('No answer in time');
		});
		late.catch(() => undefined);
		try {
			await Promise.race([this.#database.ping(), late]);
		} finally {
			over.abort();
		}
	}
}
