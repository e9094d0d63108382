import type { AuditAction } from '#lib/contract/audit/audit.ts';
import type { RateLimiter } from '#lib/server/platform/rate-limits/rate-limiter.ts';
import { isRecent, isRecentSignIn, getProofKeys, getSessionId, type Auth } from '#lib/server/platform/caller/caller.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import { currentPasswordNeeded, recentSignInNeeded, wrongCurrentPassword } from './errors.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import type { PasswordAgeRepositories, ProofRepositories } from './repositories.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';

interface Dependencies {
	readonly store: ProofRepositories;
	readonly passwords: PasswordHasher;
	readonly attempts: RateLimiter;
}

/** Checks in a transaction that the proof still holds. */
export type StillHolds = (repositories: { readonly users: Pick<UserRepository, 'lockPassword'> }) => Promise<void>;

/** Requires more than a live session: the current password, or a sign-in within the last ten minutes. */
export class OwnProof {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * For requests without a password.
	 * @throws {AppError} 400 unless the caller signed in within the last 10 minutes
	 */
	async requireRecent(auth: Auth): Promise<void> {
		if (!(await this.isRecent(auth))) throw recentSignInNeeded();
	}

	/**
	 * Returns the check to run in the transaction.
	 * @throws {AppError} 400 without a proof, 429 after too many wrong passwords
	 */
	async require(auth: Auth, currentPassword: string | undefined, action: AuditAction): Promise<StillHolds> {
		const { store, passwords, attempts } = this.#deps;
		if (!currentPassword) {
			if (!(await this.isRecent(auth))) throw currentPasswordNeeded();
			return () => Promise.resolve();
		}
		const { id } = auth.user;
		const provenHash = (await store.users.findSecrets(id))?.passwordHash ?? null;
		const keys = getProofKeys(auth, 'password');
		await attempts.count(keys);
		if (!(await passwords.matches(currentPassword, provenHash, toCallerQueueOptions(auth)))) {
			await store.audit.record(buildAuditEntry(auth, { action, refused: 'Wrong password' }));
			throw wrongCurrentPassword();
		}
		await attempts.forget(keys);
		if ((await isPasswordNew(store, id)) && !(await this.isRecent(auth))) throw recentSignInNeeded();
		return async ({ users }) => {
			if ((await users.lockPassword(id)) !== provenHash) throw wrongCurrentPassword();
		};
	}

	/**
	 * Whether the caller signed in within the last ten minutes. A sign-in with a password that an older session has just set
	 * without proof doesn't count; a sign-in through a provider does.
	 */
	async isRecent(auth: Auth): Promise<boolean> {
		const { store } = this.#deps;
		const sessionId = getSessionId(auth);
		if (sessionId === null || !isRecentSignIn(auth)) return false;
		if (!(await isPasswordUnproven(store, auth.user.id))) return true;
		return ((await store.oauthIdentities.findSession(sessionId))?.providerId ?? null) !== null;
	}
}

/** Whether the password was replaced less than ten minutes ago, perhaps by a stolen session: it proves nothing yet. */
export async function isPasswordNew(
	{ users, passwordStates }: PasswordAgeRepositories,
	userId: string
): Promise<boolean> {
	const [user, state] = await Promise.all([users.find(userId), passwordStates.find(userId)]);
	// The first password of a user is recorded with the time the user was created.
	const isFirst = user !== null && state !== null && state.setAt <= user.createdAt;
	return state !== null && state.setBy !== null && !isFirst && isRecent(state.setAt);
}

/** Whether the password was set less than ten minutes ago without proof of identity. */
export async function isPasswordUnproven(
	{ passwordStates }: Pick<PasswordAgeRepositories, 'passwordStates'>,
	userId: string
): Promise<boolean> {
	const state = await passwordStates.find(userId);
	return state !== null && !state.isProven && isRecent(state.setAt);
}
