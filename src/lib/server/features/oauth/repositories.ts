import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { SessionRepositories } from '#lib/server/features/sessions/index.ts';
import type { AdminWaysRepositories } from '#lib/server/features/settings/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { OAuthFlowRepository } from './oauth-flow.repository.ts';
import { OAuthIdentityRepository } from './oauth-identity.repository.ts';
import { OAuthUnlinkRepository } from './oauth-unlink.repository.ts';

export const oauthRepositories = {
	oauthFlows: OAuthFlowRepository,
	oauthIdentities: OAuthIdentityRepository,
	oauthUnlinks: OAuthUnlinkRepository
};

export type OAuthRepositories = RepositoriesOf<typeof oauthRepositories> &
	AuditRepositories &
	NotificationRepositories &
	SessionRepositories &
	UserRepositories &
	LiveAdminRepositories &
	AdminWaysRepositories & { readonly metadata: MetadataRepository };

export type OAuthStore = Store<OAuthRepositories>;
