import { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { PoolConnection } from '#lib/server/platform/database/store.ts';
import { withTransactions } from '#lib/server/platform/database/transactions.ts';
import { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import { featureList } from './features.ts';

/** All repositories, of the platform and of the features, and transactions over them. */
export const createStore = (connection: PoolConnection) =>
	withTransactions(
		connection,
		{ metadata: MetadataRepository, rateLimits: RateLimitRepository, ...featureList.repositories },
		featureList.directRepositories
	);

export type Store = ReturnType<typeof createStore>;
