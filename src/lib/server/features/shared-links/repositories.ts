import type { AccessRepositories, LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AlbumRepository, AlbumUserRepository } from '#lib/server/features/albums/index.ts';
import type { AssetRepository } from '#lib/server/features/assets/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { SharedLinkRepository } from './shared-link.repository.ts';

export const sharedLinkRepositories = {
	sharedLinks: SharedLinkRepository
};

/** What a change of a link reads and writes. */
export type SharedLinkTransaction = RepositoriesOf<typeof sharedLinkRepositories> &
	AccessRepositories &
	AuditRepositories &
	LiveRepositories & {
		readonly users: Pick<UserRepository, 'lock'>;
		readonly assets: Pick<AssetRepository, 'list'>;
		readonly albums: Pick<AlbumRepository, 'list'>;
		readonly albumUsers: Pick<AlbumUserRepository, 'list'>;
	};

export type SharedLinkStore = Store<SharedLinkTransaction>;
