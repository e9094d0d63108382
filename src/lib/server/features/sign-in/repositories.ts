import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { ApiKeyRepositories } from '#lib/server/features/api-keys/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { OAuthIdentityRepository } from '#lib/server/features/oauth/index.ts';
import type { SessionRepositories } from '#lib/server/features/sessions/index.ts';
import type { UserDirectoryRepositories } from '#lib/server/features/user-directory/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { Connection, Store } from '#lib/server/platform/database/store.ts';
import type { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import { SignInOriginRepository } from './sign-in-origin.repository.ts';

export const signInRepositories = ({ prisma }: Connection) => ({ signInOrigins: new SignInOriginRepository(prisma) });

export type SignInRepositories = ReturnType<typeof signInRepositories>;

export type SignInStore = Store<
	SignInRepositories &
		ApiKeyRepositories &
		AuditRepositories &
		NotificationRepositories &
		SessionRepositories &
		UserRepositories &
		UserDirectoryRepositories &
		LiveAdminRepositories & {
			readonly rateLimits: RateLimitRepository;
			readonly oauthIdentities: Pick<OAuthIdentityRepository, 'listOf'>;
		}
>;
