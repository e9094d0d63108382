import type { ApiKeyRepository } from '#lib/server/features/api-keys/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { OAuthIdentityRepository } from '#lib/server/features/oauth/index.ts';
import type { SessionRepository } from '#lib/server/features/sessions/index.ts';
import type { SharedLinkRepository } from '#lib/server/features/shared-links/index.ts';
import type { PasswordStateRepository, UserRepository } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { AccessRepository } from './access.repository.ts';

export const accessRepositories = {
	access: AccessRepository
};

/** What every check of access to objects needs. */
export type AccessRepositories = RepositoriesOf<typeof accessRepositories>;

// The tables belong to features above this one, so each check names only what it reads.

/** Who a credential belongs to. */
export interface IdentityRepositories {
	readonly sessions: Pick<SessionRepository, 'findIdentity' | 'findIdByToken'>;
	readonly apiKeys: Pick<ApiKeyRepository, 'findIdentity'>;
	readonly users: Pick<UserRepository, 'find'>;
}

/** What a share key or slug belongs to. */
export interface LinkRepositories {
	readonly sharedLinks: Pick<SharedLinkRepository, 'findIdentity'>;
}

/** Whether a credential is still valid. */
export interface LiveRepositories {
	readonly sessions: Pick<SessionRepository, 'exists'>;
	readonly apiKeys: Pick<ApiKeyRepository, 'hasSecret'>;
}

/** Whether a credential is still valid and an admin's. */
export interface LiveAdminRepositories extends LiveRepositories {
	readonly users: Pick<UserRepository, 'find'>;
}

/** How old a user's password is. */
export interface PasswordAgeRepositories {
	readonly users: Pick<UserRepository, 'find'>;
	readonly passwordStates: Pick<PasswordStateRepository, 'find'>;
}

/** What proves who the caller is. */
export interface ProofRepositories extends PasswordAgeRepositories, AuditRepositories {
	readonly users: Pick<UserRepository, 'find' | 'findSecrets'>;
	readonly oauthIdentities: Pick<OAuthIdentityRepository, 'findSession'>;
}
