import type { AccessRepositories, LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { AssetRepository } from './asset.repository.ts';
import { AssetSearchRepository } from './asset-search.repository.ts';
import { AssetTrashRepository } from './asset-trash.repository.ts';
import { TimelineRepository } from './timeline.repository.ts';

export const assetRepositories = {
	assets: AssetRepository,
	assetSearch: AssetSearchRepository,
	assetTrash: AssetTrashRepository,
	timeline: TimelineRepository
};

export type AssetRepositories = RepositoriesOf<typeof assetRepositories>;
export type AssetStore = Store<AssetRepositories & AccessRepositories & LiveRepositories & AuditRepositories>;
