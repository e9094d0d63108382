import type { AccessRepositories, LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { AlbumAssetRepository } from './album-asset.repository.ts';
import { AlbumRepository } from './album.repository.ts';
import { AlbumUserRepository } from './album-user.repository.ts';

export const albumRepositories = {
	albums: AlbumRepository,
	albumUsers: AlbumUserRepository,
	albumAssets: AlbumAssetRepository
};

export type AlbumRepositories = RepositoriesOf<typeof albumRepositories>;

/** What a change of an album reads and writes. */
export type AlbumTransaction = AlbumRepositories &
	AccessRepositories &
	AuditRepositories &
	LiveRepositories &
	NotificationRepositories &
	UserRepositories & { readonly metadata: MetadataRepository };

export type AlbumStore = Store<AlbumTransaction>;
