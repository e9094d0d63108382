import type { Connection, PoolConnection, Store } from '#lib/server/platform/database/store.ts';
import { AssetRepository } from './asset.repository.ts';
import { QuotaUsageRepository } from './quota-usage.repository.ts';

export const statisticsRepositories = ({ prisma }: Connection) => ({ assets: new AssetRepository(prisma) });

export const statisticsDirectRepositories = ({ pool }: PoolConnection) => ({
	quotaUsage: new QuotaUsageRepository(pool)
});

export type StatisticsStore = Store<
	ReturnType<typeof statisticsRepositories>,
	ReturnType<typeof statisticsDirectRepositories>
>;
