import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { Connection, PoolConnection, Store } from '#lib/server/platform/database/store.ts';
import { ApiKeyUsageRepository } from './api-key-usage.repository.ts';
import { ApiKeyRepository } from './api-key.repository.ts';

export const apiKeyRepositories = ({ prisma, pool }: Connection) => ({ apiKeys: new ApiKeyRepository(prisma, pool) });

export const apiKeyDirectRepositories = ({ pool }: PoolConnection) => ({
	apiKeyUsage: new ApiKeyUsageRepository(pool)
});

export type ApiKeyRepositories = ReturnType<typeof apiKeyRepositories>;

/** What a change of an API key reads and writes. */
export type ApiKeyTransaction = ApiKeyRepositories &
	UserRepositories &
	AuditRepositories &
	NotificationRepositories &
	LiveAdminRepositories;

export type ApiKeyStore = Store<ApiKeyTransaction, ReturnType<typeof apiKeyDirectRepositories>>;
