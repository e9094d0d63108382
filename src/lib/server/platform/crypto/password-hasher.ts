import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/bcrypt';
import { FairQueue, type Turn } from './fair-queue.ts';

/** bcrypt's cost, as Immich has it: 2^10 rounds (OWASP Password Storage: at least 10). */
export const bcryptCost = 10;

/** A hash of nothing anybody knows, compared where there is no account, so that time tells nothing. */
const decoyHash = '$2b$10$rG3HNvJQgPicuRLxVXviI./G30icaPz/24iqE3OSoc81qyuPVi6kS';

/** Writes the prefix that Immich's bcrypt accepts; this one writes `$2y$` for the same algorithm. */
const hashOf = async (password: string): Promise<string> =>
	(await hash(password, bcryptCost)).replace(/^\$2y\$/, '$2b$');

/** Of each that waits, little more is kept than who asked. */
const maxWaiting = 1_000;
const maxWaitMs = 60_000;

/** Hashes and compares passwords on the thread pool, with no more at once than there are cores. */
export class PasswordHasher {
	readonly #queue = new FairQueue({ concurrency: availableParallelism(), maxWaiting, maxWaitMs });

	/** How many wait for a core. */
	get waiting(): number {
		return this.#queue.waiting;
	}

	/** Hashes a password of at most 72 bytes. Throws 503 when too many wait. */
	hash(password: string, turn: Turn): Promise<string> {
		return this.#queue.run(() => hashOf(password), turn);
	}

	/** Hashes as part of a long job: whenever nobody who waits for an answer needs the cores. */
	hashLater(password: string): Promise<string> {
		return this.#queue.runLater(() => hashOf(password));
	}

	/** Tells whether the password is the one; takes as long without a hash as with one. Throws 503 when too many wait. */
	async matches(password: string, passwordHash: string | null, turn: Turn): Promise<boolean> {
		const isMatch = await this.#queue.run(() => verify(password, passwordHash || decoyHash), turn);
		return isMatch && Boolean(passwordHash);
	}
}
