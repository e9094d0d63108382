import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { AssetRepository } from './asset.repository.ts';

export const assetRepositories = {
	assets: AssetRepository
};

export type AssetRepositories = RepositoriesOf<typeof assetRepositories>;
