import type { z } from 'zod';
import type { PasswordResetDto, TemporaryPassword } from '#lib/contract/users/user-admin.ts';
import type { UserAdmin } from '#lib/contract/users/user.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { PasswordPolicy } from './password-policy.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import { newTemporaryPassword, temporaryPasswordExpiry } from '#lib/server/platform/crypto/temporary-password.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { UserStore } from './repositories.ts';
import { recordedUserChanges, endedChanges, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { type OwnProof, requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { toUserAdminDto } from './user-dto.ts';

interface Dependencies {
	readonly store: UserStore;
	readonly passwords: PasswordHasher;
	readonly policy: PasswordPolicy;
	readonly attempts: SignInAttempts;
	readonly proofs: OwnProof;
	readonly settings: SettingsReader;
	readonly log: Log;
}

/** What an admin can see of a user's password. */
export interface PasswordFacts {
	readonly hasPassword: boolean;
	readonly hasPin: boolean;
	readonly setBy: 'owner' | 'administrator' | 'unknown';
	readonly setAt: string | null;
	/** When an admin required a password change; null if none is required. */
	readonly demandedAt: string | null;
	readonly apiKeyCount: number;
}

/** Manages other users' passwords on behalf of admins: they are set or must be changed, but never read. */
export class UserPasswordService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Sets a temporary password, clears the user's sign-in limits, and ends their sessions and, by default, API keys.
	 * Resetting one's own password requires a recent sign-in.
	 * @throws {AppError} 400 if there is no such user, or without the recent sign-in
	 */
	async reset(
		auth: Auth,
		id: string,
		{ password = newTemporaryPassword(), revokeApiKeys = true }: z.output<typeof PasswordResetDto>
	): Promise<TemporaryPassword> {
		const { store, passwords, policy, attempts, proofs, settings, log } = this.#deps;
		if (id === auth.user.id) await proofs.requireRecent(auth);
		const owner = requireUser(await store.users.find(id));
		await policy.require(password, owner);
		const passwordHash = await passwords.hash(password, toCallerQueueOptions(auth));
		const expiresAt = temporaryPasswordExpiry(settings.current);
		const user = await store.transaction(async (repositories) => {
			const { users, passwordStates, sessions, apiKeys, rateLimits, signInOrigins, audit, notifications } =
				repositories;
			await users.lock(id);
			await requireLiveAdmin(repositories, auth);
			const subject = requireUser(await users.find(id));
			const changed = await users.update(id, { passwordHash, shouldChangePassword: true });
			await passwordStates.recordSet(id, { setBy: auth.user.id, expiresAt });
			// A password set by its own user requires no change by default, so it is required explicitly.
			if (id === auth.user.id) await passwordStates.recordRequirement(id, auth.user.id);
			const sessionsEnded = await sessions.deleteByUser(id);
			await attempts.forgetAll(subject.email, rateLimits);
			await signInOrigins.forgetAll(id);
			const apiKeysEnded = revokeApiKeys ? await apiKeys.deleteByUser(id) : 0;
			const changes = { ...recordedUserChanges(subject, changed), ...endedChanges({ sessionsEnded, apiKeysEnded }) };
			await audit.record(buildAuditEntry(auth, { action: 'user.resetPassword', subject, changes }));
			await notifications.create(id, notices.passwordReset);
			return changed;
		});
		log.info({ userId: id, by: auth.user.id }, 'Password reset');
		return { user: toUserAdminDto(user), password, expiresAt: expiresAt.toISOString() };
	}

	/**
	 * Requires a password change, regardless of who set the current password.
	 * @throws {AppError} 400 if there is no such user
	 */
	async requireChange(auth: Auth, id: string): Promise<UserAdmin> {
		// While a change is required the old password isn't needed, so a stolen session could choose the new one.
		if (id === auth.user.id) await this.#deps.proofs.requireRecent(auth);
		const user = await this.#deps.store.transaction(async (repositories) => {
			const { users, passwordStates, audit } = repositories;
			await users.lock(id);
			await requireLiveAdmin(repositories, auth);
			const subject = requireUser(await users.find(id));
			// The user's row is locked first, as everywhere, to avoid a deadlock with its removal.
			const changed = await users.update(id, { shouldChangePassword: true });
			await passwordStates.recordRequirement(id, auth.user.id);
			const changes = recordedUserChanges(subject, changed);
			await audit.record(buildAuditEntry(auth, { action: 'user.requireChange', subject, changes }));
			return changed;
		});
		this.#deps.log.info({ userId: id, by: auth.user.id }, 'Password change demanded');
		return toUserAdminDto(user);
	}

	/** Returns facts about a user's password, never the password itself; null for a deleted user. */
	async facts(id: string): Promise<PasswordFacts | null> {
		const { users, passwordStates, apiKeys } = this.#deps.store;
		const [secrets, state, apiKeyCount] = await Promise.all([
			users.findSecrets(id),
			passwordStates.find(id),
			apiKeys.countByUser(id)
		]);
		if (!secrets) return null;
		const setBy = state?.setBy ? (state.setBy === id ? 'owner' : 'administrator') : 'unknown';
		return {
			hasPassword: secrets.passwordHash !== null,
			hasPin: secrets.pinCodeHash !== null,
			setBy,
			setAt: state && setBy !== 'unknown' ? state.setAt.toISOString() : null,
			demandedAt: state?.demandedAt?.toISOString() ?? null,
			apiKeyCount
		};
	}
}
