import type { SignInCheck } from '#lib/contract/sign-in-check.ts';
import { judgeSignIn } from '../auth/sign-in-check.ts';
import type { SettingsReader } from '../config/settings.ts';
import type { Store } from '../repositories/store.ts';
import type { SessionLists } from './session-list.ts';

interface Dependencies {
	readonly store: Store;
	readonly lists: SessionLists;
	readonly settings: SettingsReader;
}

/** Tells administrators why somebody cannot sign in. */
export class SignInCheckService {
	readonly #with: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#with = dependencies;
	}

	/** Judges by what is stored now; an unknown id is stopped by the first gate. */
	async check(userId: string): Promise<SignInCheck> {
		const { store, lists, settings } = this.#with;
		const [account, sessionCount] = await Promise.all([store.directory.find(userId), lists.count(userId)]);
		const { passwordLogin, oauth } = settings.current.system;
		const passwordExpiresAt = account?.passwordExpiresAt ?? null;
		const facts = {
			exists: account !== null,
			isDeleted: account !== null && account.deletedAt !== null,
			isPasswordSignInOn: passwordLogin.enabled,
			hasPassword: account?.hasPassword ?? false,
			passwordExpiresAt,
			mustChangePassword: account?.mustChangePassword ?? false,
			isOAuthOn: oauth.enabled,
			isOAuthLinked: account !== null && account.oauthId !== ''
		};
		return {
			...judgeSignIn(facts, new Date()),
			passwordExpiresAt: passwordExpiresAt?.toISOString() ?? null,
			sessionCount
		};
	}
}
