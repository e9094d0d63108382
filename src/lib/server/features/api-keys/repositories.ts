import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { ApiKeyUsageRepository } from './api-key-usage.repository.ts';
import { ApiKeyRepository } from './api-key.repository.ts';

export const apiKeyRepositories = {
	apiKeys: ApiKeyRepository
};

export const apiKeyDirectRepositories = {
	apiKeyUsage: ApiKeyUsageRepository
};

export type ApiKeyRepositories = RepositoriesOf<typeof apiKeyRepositories>;

/** What a change of an API key reads and writes. */
export type ApiKeyTransaction = ApiKeyRepositories &
	UserRepositories &
	AuditRepositories &
	NotificationRepositories &
	LiveAdminRepositories;

export type ApiKeyStore = Store<ApiKeyTransaction, RepositoriesOf<typeof apiKeyDirectRepositories>>;
