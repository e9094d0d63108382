import type { AuditAction } from '#lib/contract/audit.ts';
import type { Attempts } from '../auth/attempts.ts';
import { isRecentSignIn, proofKeysOf, type Auth } from '../auth/auth.ts';
import type { PasswordHasher } from '../auth/password.ts';
import { turnOfCaller } from '../auth/turn.ts';
import { currentPasswordNeeded, recentSignInNeeded, wrongCurrentPassword } from '../errors.ts';
import type { Repositories, Store } from '../repositories/store.ts';
import { entryOf } from './audit-entry.ts';

interface Dependencies {
	readonly store: Store;
	readonly passwords: PasswordHasher;
	readonly attempts: Attempts;
}

/** Holds in a transaction that what was proven still is. */
export type StillHolds = (repositories: Pick<Repositories, 'users'>) => Promise<void>;

/** Asks for more than a live session: the current password, or a sign-in within the last ten minutes. */
export class OwnProof {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Throws 400 unless the caller signed in within the last ten minutes, where no password can be given. */
	demandRecent(auth: Auth): void {
		if (!isRecentSignIn(auth)) throw recentSignInNeeded();
	}

	/** Throws 400 without a proof, and 429 after too many wrong passwords. Gives the check for the transaction. */
	async demand(auth: Auth, currentPassword: string | undefined, action: AuditAction): Promise<StillHolds> {
		const { store, passwords, attempts } = this.#with;
		if (!currentPassword) {
			if (!isRecentSignIn(auth)) throw currentPasswordNeeded();
			return () => Promise.resolve();
		}
		const { id } = auth.user;
		const provenHash = (await store.users.findSecrets(id))?.passwordHash ?? null;
		const keys = proofKeysOf(auth);
		await attempts.count(keys);
		if (!(await passwords.matches(currentPassword, provenHash, turnOfCaller(auth)))) {
			await store.audit.record(entryOf(auth, { action, refused: 'Wrong password' }));
			throw wrongCurrentPassword();
		}
		await attempts.forget(keys);
		return async ({ users }) => {
			if ((await users.lockPassword(id)) !== provenHash) throw wrongCurrentPassword();
		};
	}
}
