import type { LiveAdminRepositories, ProofRepositories } from '#lib/server/features/access/index.ts';
import type { ApiKeyRepositories } from '#lib/server/features/api-keys/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { SessionRepositories } from '#lib/server/features/sessions/index.ts';
import type { AdminWaysRepositories } from '#lib/server/features/settings/index.ts';
import type { SignInLimitRepositories } from '#lib/server/features/sign-in-limits/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import type { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import { DeletedUserRepository } from './deleted-user.repository.ts';
import { EmailOriginRepository } from './email-origin.repository.ts';
import { UserExportStreamRepository } from './list-stream/user-export-stream.repository.ts';
import { PasswordStateRepository } from './password-state.repository.ts';
import { PublicUserRepository } from './public-user.repository.ts';
import { UserRepository } from './user.repository.ts';

export const userRepositories = {
	users: UserRepository,
	publicUsers: PublicUserRepository,
	emailOrigins: EmailOriginRepository,
	passwordStates: PasswordStateRepository
};

export const userDirectRepositories = {
	copies: UserExportStreamRepository,
	deletedUsers: DeletedUserRepository
};

export type UserRepositories = RepositoriesOf<typeof userRepositories>;

export type UserStore = Store<
	UserRepositories &
		ApiKeyRepositories &
		AuditRepositories &
		NotificationRepositories &
		SessionRepositories &
		SignInLimitRepositories &
		AdminWaysRepositories &
		LiveAdminRepositories &
		ProofRepositories & { readonly metadata: MetadataRepository; readonly rateLimits: RateLimitRepository },
	RepositoriesOf<typeof userDirectRepositories>
>;
