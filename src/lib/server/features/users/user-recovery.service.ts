import type { UserAdmin } from '#lib/contract/users/user.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { buildAuditEntry, endedChanges } from '#lib/server/features/audit/index.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { noAdmin, unknownEmail } from './errors.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { UserStore } from './repositories.ts';
import { toUserAdminDto } from './user-dto.ts';

interface Dependencies {
	readonly store: UserStore;
	readonly passwords: PasswordHasher;
	readonly policy: PasswordPolicy;
	readonly attempts: SignInAttempts;
	readonly log: Log;
}

/** What the server's command line does for users who are locked out. */
export class UserRecoveryService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Returns the first admin.
	 * @throws {AppError} 400 if there is none
	 */
	async findAdmin(): Promise<UserAdmin> {
		const { users } = this.#deps.store;
		const id = await users.findFirstAdmin();
		const admin = id === null ? null : await users.find(id);
		if (!admin) throw noAdmin();
		return toUserAdminDto(admin);
	}

	/**
	 * Returns the user who signs in with an email.
	 * @throws {AppError} 400 if there is none
	 */
	async findByEmail(email: string): Promise<UserAdmin> {
		const { users } = this.#deps.store;
		const found = await users.findForSignIn(email);
		const user = found && (await users.find(found.id));
		if (!user) throw unknownEmail();
		return toUserAdminDto(user);
	}

	/**
	 * Sets an admin's password and clears the limits on signing in. It counts as chosen by the admin, so no change is
	 * required: docs/wire-reference/command-line.md#immich-admin.
	 * @throws {AppError} 400 if the password is guessable or the admin is gone
	 */
	async setAdminPassword(
		auth: Auth,
		id: string,
		{ password, areSessionsEnded }: { readonly password: string; readonly areSessionsEnded: boolean }
	): Promise<void> {
		const { store, passwords, policy, attempts, log } = this.#deps;
		await policy.require(password, requireUser(await store.users.find(id)));
		const passwordHash = await passwords.hash(password, toCallerQueueOptions(auth));
		await store.transaction(async (repositories) => {
			const { users, passwordStates, sessions, rateLimits, signInOrigins, audit, notifications } = repositories;
			await users.lock(id);
			await requireLiveAdmin(repositories, auth);
			const subject = await users.find(id);
			if (!subject?.isAdmin) throw noAdmin();
			await users.update(id, { passwordHash });
			await passwordStates.recordSet(id, { setBy: id });
			const sessionsEnded = areSessionsEnded ? await sessions.deleteByUser(id) : 0;
			await attempts.forgetAll(subject.email, rateLimits);
			await signInOrigins.forgetAll(id);
			const changes = endedChanges({ sessionsEnded });
			await audit.record(buildAuditEntry(auth, { action: 'user.setPassword', subject, changes }));
			await notifications.create(id, notices.passwordSetOnServer);
		});
		log.info({ userId: id }, 'Admin password set on the server');
	}
}
