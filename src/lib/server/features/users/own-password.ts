import type { UserAdmin } from '#lib/contract/users/user.ts';
import { requireLive } from '#lib/server/features/access/index.ts';
import { recordedUserChanges, endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import { wrongPassword } from './errors.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { UserStore } from './repositories.ts';
import { refuseTaken, translateTaken } from './user-changes.ts';
import { toUserAdminDto } from './user-dto.ts';
import type { UserChanges } from './user.repository.ts';

interface Dependencies {
	readonly store: UserStore;
	readonly passwords: PasswordHasher;
	readonly policy: PasswordPolicy;
}

interface NewOwnPassword {
	/** The hash verified for this change; null for a user without a password. */
	readonly verifiedHash: string | null;
	readonly areOthersEnded: boolean;
	readonly areApiKeysRevoked?: boolean;
	readonly changes?: UserChanges;
	/** False if neither a password nor a recent sign-in has proven who sets it. */
	readonly isProven: boolean;
	/** The field of the new password in the body. */
	readonly field?: 'password' | 'newPassword';
}

/** Sets the caller's own password. */
export class OwnPassword {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Stores a password chosen by its user, with other changes, and clears a required password change.
	 * @throws {AppError} 400 if it is guessable, or if the current password or the user has changed meanwhile
	 */
	async set(auth: Auth, password: string, options: NewOwnPassword): Promise<UserAdmin> {
		const { store, passwords, policy } = this.#deps;
		const { id } = auth.user;
		await policy.require(password, { ...auth.user, ...options.changes }, options.field);
		if (options.changes?.email !== undefined) await refuseTaken(store.users, { email: options.changes.email }, id);
		const passwordHash = await passwords.hash(password, toCallerQueueOptions(auth));
		const user = await store.transaction(async (repositories) => {
			const { users, passwordStates, sessions, apiKeys, signInOrigins, audit, notifications } = repositories;
			// A reset during the hashing takes precedence: neither the old password nor an ended credential can undo it.
			if ((await users.lockPassword(id)) !== options.verifiedHash) throw wrongPassword();
			await requireLive(repositories, auth);
			const current = requireUser(await users.find(id));
			const changed = await translateTaken(
				users.update(id, { ...options.changes, passwordHash, shouldChangePassword: false })
			);
			await passwordStates.recordSet(id, { setBy: id, isProven: options.isProven });
			await signInOrigins.forgetAll(id);
			const sessionsEnded = options.areOthersEnded ? await sessions.deleteByUser(id, getSessionId(auth)) : 0;
			const apiKeysEnded = options.areApiKeysRevoked ? await apiKeys.deleteByUser(id) : 0;
			const changes = { ...recordedUserChanges(current, changed), ...endedChanges({ sessionsEnded, apiKeysEnded }) };
			await audit.record(buildAuditEntry(auth, { action: 'password.change', changes }));
			await notifications.create(id, notices.passwordChanged);
			if (current.email !== changed.email) await notifications.create(id, notices.emailChanged);
			return changed;
		});
		return toUserAdminDto(user);
	}
}
