import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/bcrypt';
import PQueue from 'p-queue';
import { overloaded } from '../errors.ts';

/** bcrypt's cost, as Immich has it: 2^10 rounds (OWASP Password Storage: at least 10). */
export const bcryptCost = 10;

/** A hash of nothing anybody knows, compared where there is no account, so that time tells nothing. */
const decoyHash = '$2b$10$rG3HNvJQgPicuRLxVXviI./G30icaPz/24iqE3OSoc81qyuPVi6kS';

/** Writes the prefix that Immich's bcrypt accepts; this one writes `$2y$` for the same algorithm. */
const hashOf = async (password: string): Promise<string> =>
	(await hash(password, bcryptCost)).replace(/^\$2y\$/, '$2b$');

const longestWaitMs = 2_000;
/** Taken as the time of one hash until the first has been measured. */
const firstGuessMs = 80;

/** Hashes and compares passwords on the thread pool, with no more at once than there are cores. */
export class PasswordHasher {
	readonly #queue = new PQueue({ concurrency: availableParallelism() });
	#averageMs = firstGuessMs;

	/** How many wait for a core. */
	get waiting(): number {
		return this.#queue.size;
	}

	/** Hashes a password of at most 72 bytes. Throws 503 when too many wait. */
	hash(password: string): Promise<string> {
		return this.#run(() => hashOf(password));
	}

	/** Hashes as part of a long work: whenever nobody who waits for an answer needs the cores. */
	hashLater(password: string): Promise<string> {
		return this.#queue.add(() => hashOf(password), { priority: -1, throwOnTimeout: true });
	}

	/** Tells whether the password is the one; takes as long without a hash as with one. Throws 503 when too many wait. */
	async matches(password: string, passwordHash: string | null): Promise<boolean> {
		const isMatch = await this.#run(() => verify(password, passwordHash || decoyHash));
		return isMatch && Boolean(passwordHash);
	}

	async #run<Result>(work: () => Promise<Result>): Promise<Result> {
		const ahead = this.#queue.size + this.#queue.pending;
		const waitMs = (ahead / this.#queue.concurrency) * this.#averageMs;
		if (this.#queue.size > 0 && waitMs > longestWaitMs) throw overloaded(Math.ceil(waitMs / 1_000));
		return this.#queue.add(
			async () => {
				const startedAt = performance.now();
				const result = await work();
				this.#averageMs += (performance.now() - startedAt - this.#averageMs) / 16;
				return result;
			},
			{ throwOnTimeout: true }
		);
	}
}
