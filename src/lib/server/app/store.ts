import { apiKeyDirectRepositories, apiKeyRepositories } from '#lib/server/features/api-keys/index.ts';
import { auditRepositories } from '#lib/server/features/audit/index.ts';
import { jobDirectRepositories, jobRepositories } from '#lib/server/features/jobs/index.ts';
import { maintenanceRepositories } from '#lib/server/features/maintenance/index.ts';
import { notificationRepositories } from '#lib/server/features/notifications/index.ts';
import { oauthRepositories } from '#lib/server/features/oauth/index.ts';
import { serverInfoDirectRepositories } from '#lib/server/features/server-info/index.ts';
import { sessionDirectRepositories, sessionRepositories } from '#lib/server/features/sessions/index.ts';
import { settingsDirectRepositories, settingsRepositories } from '#lib/server/features/settings/index.ts';
import { signInLimitRepositories } from '#lib/server/features/sign-in-limits/index.ts';
import { statisticsRepositories } from '#lib/server/features/statistics/index.ts';
import { userBatchRepositories } from '#lib/server/features/user-batches/index.ts';
import { userDirectoryRepositories } from '#lib/server/features/user-directory/index.ts';
import { userDirectRepositories, userRepositories } from '#lib/server/features/users/index.ts';
import { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { PoolConnection } from '#lib/server/platform/database/store.ts';
import { withTransactions } from '#lib/server/platform/database/transactions.ts';
import { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';

/** The repositories of all features, for the pool and for transactions. */
const repositories = {
	metadata: MetadataRepository,
	rateLimits: RateLimitRepository,
	...apiKeyRepositories,
	...auditRepositories,
	...jobRepositories,
	...maintenanceRepositories,
	...notificationRepositories,
	...oauthRepositories,
	...sessionRepositories,
	...settingsRepositories,
	...signInLimitRepositories,
	...statisticsRepositories,
	...userBatchRepositories,
	...userDirectoryRepositories,
	...userRepositories
};

/** These use connections of their own, outside of any transaction. */
const directRepositories = {
	...apiKeyDirectRepositories,
	...jobDirectRepositories,
	...serverInfoDirectRepositories,
	...sessionDirectRepositories,
	...settingsDirectRepositories,
	...userDirectRepositories
};

/** All repositories, and transactions over them. */
export const createStore = (connection: PoolConnection) =>
	withTransactions(connection, repositories, directRepositories);

export type Store = ReturnType<typeof createStore>;
