import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/bcrypt';
import { FairQueue, type QueueOptions } from './fair-queue.ts';

/** bcrypt cost as in Immich: 2^10 rounds (OWASP Password Storage: at least 10). */
export const bcryptCost = 10;

/** Hash of an unknown password, compared when there is no account so that timing reveals nothing. */
const decoyHash = '$2b$10$rG3HNvJQgPicuRLxVXviI./G30icaPz/24iqE3OSoc81qyuPVi6kS';

/** Uses the prefix Immich's bcrypt accepts; this library writes `$2y$` for the same algorithm. */
const computeHash = async (password: string): Promise<string> =>
	(await hash(password, bcryptCost)).replace(/^\$2y\$/, '$2b$');

/** A waiting request takes very little memory. */
const maxWaiting = 1_000;
const maxWaitMs = 60_000;

/** Hashes and compares passwords on the thread pool, at most one per core. */
export class PasswordHasher {
	readonly #queue = new FairQueue({ concurrency: availableParallelism(), maxWaiting, maxWaitMs });

	/** Number of requests waiting for a core. */
	get waiting(): number {
		return this.#queue.waiting;
	}

	/**
	 * Hashes a password of at most 72 bytes.
	 * @throws {AppError} 503 if too many wait
	 */
	hash(password: string, options: QueueOptions): Promise<string> {
		return this.#queue.run(() => computeHash(password), options);
	}

	/** Hashes for a background job, whenever no request needs the cores. */
	hashLater(password: string): Promise<string> {
		return this.#queue.runLater(() => computeHash(password));
	}

	/**
	 * Whether the password matches; takes the same time without a hash.
	 * @throws {AppError} 503 if too many wait
	 */
	async matches(password: string, passwordHash: string | null, options: QueueOptions): Promise<boolean> {
		const isMatch = await this.#queue.run(() => verify(password, passwordHash || decoyHash), options);
		return isMatch && Boolean(passwordHash);
	}
}
