import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { AssetRepository } from './asset.repository.ts';
import { QuotaUsageRepository } from './quota-usage.repository.ts';

export const statisticsRepositories = {
	assets: AssetRepository
};

export const statisticsDirectRepositories = {
	quotaUsage: QuotaUsageRepository
};

export type StatisticsStore = Store<
	RepositoriesOf<typeof statisticsRepositories>,
	RepositoriesOf<typeof statisticsDirectRepositories>
>;
