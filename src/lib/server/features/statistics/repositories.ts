import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { AssetCountRepository } from './asset-count.repository.ts';
import { QuotaUsageRepository } from './quota-usage.repository.ts';

export const statisticsRepositories = {
	assetCounts: AssetCountRepository
};

export const statisticsDirectRepositories = {
	quotaUsage: QuotaUsageRepository
};

export type StatisticsStore = Store<
	RepositoriesOf<typeof statisticsRepositories>,
	RepositoriesOf<typeof statisticsDirectRepositories>
>;
