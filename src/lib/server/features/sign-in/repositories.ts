import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { ApiKeyRepositories } from '#lib/server/features/api-keys/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { OAuthIdentityRepository } from '#lib/server/features/oauth/index.ts';
import type { SessionRepositories } from '#lib/server/features/sessions/index.ts';
import type { SettingsDirectRepositories } from '#lib/server/features/settings/index.ts';
import type { SignInLimitRepositories } from '#lib/server/features/sign-in-limits/index.ts';
import type { UserDirectoryRepositories } from '#lib/server/features/user-directory/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { Store } from '#lib/server/platform/database/store.ts';
import type { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';

export type SignInStore = Store<
	ApiKeyRepositories &
		AuditRepositories &
		NotificationRepositories &
		SessionRepositories &
		SignInLimitRepositories &
		UserRepositories &
		UserDirectoryRepositories &
		LiveAdminRepositories & {
			readonly rateLimits: RateLimitRepository;
			readonly oauthIdentities: Pick<OAuthIdentityRepository, 'listByUser'>;
		},
	SettingsDirectRepositories
>;
