import type { SignInCheck } from '#lib/contract/sign-in/sign-in-check.ts';
import { firstProviderId } from '#lib/contract/oauth/oauth.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { evaluateSignIn } from './sign-in-verdict.ts';
import type { SignInAttempts } from '#lib/server/features/sign-in-limits/index.ts';
import { listProviders, type SettingsReader } from '#lib/server/features/settings/index.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { SignInStore } from './repositories.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import type { SessionLists } from '#lib/server/features/sessions/index.ts';

interface Dependencies {
	readonly store: SignInStore;
	readonly lists: SessionLists;
	readonly attempts: SignInAttempts;
	readonly settings: SettingsReader;
	readonly log: Log;
}

/** Shows admins why a user can't sign in, and resets limits. */
export class SignInCheckService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Uses what is stored now; an unknown ID fails the first check. */
	async check(userId: string): Promise<SignInCheck> {
		const { store, lists, attempts, settings } = this.#deps;
		const [user, sessionCount] = await Promise.all([store.directory.find(userId), lists.count(userId)]);
		const limits = user === null ? [] : await attempts.list(user.email);
		const { passwordLogin } = settings.current.system;
		const providers = listProviders(settings.current).map(({ id }) => id);
		const passwordExpiresAt = user?.passwordExpiresAt ?? null;
		const facts = {
			exists: user !== null,
			isDeleted: user !== null && user.deletedAt !== null,
			isPasswordSignInOn: passwordLogin.enabled,
			hasPassword: user?.hasPassword ?? false,
			passwordExpiresAt,
			mustChangePassword: user?.mustChangePassword ?? false,
			isTriedTooOften: limits.length > 0,
			isOAuthOn: providers.length > 0,
			isOAuthLinked: await this.#isLinkedTo(userId, providers)
		};
		return {
			...evaluateSignIn(facts, new Date()),
			passwordExpiresAt: passwordExpiresAt?.toISOString() ?? null,
			limitedFrom: limits.map(({ network, endsAt }) => ({ network, until: endsAt.toISOString() })),
			sessionCount
		};
	}

	async #isLinkedTo(userId: string, providers: readonly string[]): Promise<boolean> {
		const { identities, immichSubject } = await this.#deps.store.oauthIdentities.listByUser(userId);
		const linked = identities.map(({ providerId }) => providerId);
		return (immichSubject === '' ? linked : [...linked, firstProviderId]).some((id) => providers.includes(id));
	}

	/**
	 * Resets a user's limits on wrong passwords.
	 * @throws {AppError} 400 if there is no such user
	 */
	async forgetAttempts(auth: Auth, userId: string): Promise<void> {
		const { store, attempts, log } = this.#deps;
		await store.transaction(async (repositories) => {
			const { users, rateLimits, audit } = repositories;
			await users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			const subject = requireUser(await users.find(userId));
			await attempts.forgetAll(subject.email, rateLimits);
			await audit.record(buildAuditEntry(auth, { action: 'user.allowSignIn', subject }));
		});
		log.info({ userId, by: auth.user.id }, 'Sign-in attempts forgotten');
	}
}
