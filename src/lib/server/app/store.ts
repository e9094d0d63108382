import { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { Connection, PoolConnection } from '#lib/server/platform/database/store.ts';
import { withTransactions } from '#lib/server/platform/database/transactions.ts';
import { RateLimitRepository } from '#lib/server/platform/rate-limits/rate-limit.repository.ts';
import { featureList } from './features.ts';

/** The repositories of the platform and of all features over one connection: the pool's or a transaction's. */
const repositoriesOver = (connection: Connection) => ({
	metadata: new MetadataRepository(connection.prisma),
	rateLimits: new RateLimitRepository(connection.prisma),
	...featureList.repositoriesOver(connection)
});

/** All repositories, and transactions over them. */
export const createStore = (connection: PoolConnection) =>
	withTransactions(connection, repositoriesOver, featureList.directRepositories(connection));

export type Store = ReturnType<typeof createStore>;
