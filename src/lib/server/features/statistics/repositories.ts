import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { AssetRepository } from './asset.repository.ts';

export const statisticsRepositories = {
	assets: AssetRepository
};

export type StatisticsRepositories = RepositoriesOf<typeof statisticsRepositories>;
