import type { AccessRepositories, LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AlbumRepositories } from '#lib/server/features/albums/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { AssetMetadataRepository } from './asset-metadata.repository.ts';
import { AssetRepository } from './asset.repository.ts';
import { AssetSearchRepository } from './asset-search.repository.ts';
import { AssetTrashRepository } from './asset-trash.repository.ts';
import { TimelineRepository } from './timeline.repository.ts';

export const assetRepositories = {
	assets: AssetRepository,
	assetMetadata: AssetMetadataRepository,
	assetSearch: AssetSearchRepository,
	assetTrash: AssetTrashRepository,
	timeline: TimelineRepository
};

export type AssetRepositories = RepositoriesOf<typeof assetRepositories>;
export type AssetStore = Store<
	AssetRepositories &
		AccessRepositories &
		AlbumRepositories &
		AuditRepositories &
		LiveRepositories &
		NotificationRepositories & { readonly users: Pick<UserRepository, 'lock'> }
>;
