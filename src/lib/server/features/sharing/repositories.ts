import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { AlbumRepository } from '#lib/server/features/albums/index.ts';
import type { SharedLinkRepository } from '#lib/server/features/shared-links/index.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { SharingRepository } from './sharing.repository.ts';

export const sharingRepositories = {
	sharing: SharingRepository
};

export type SharingTransaction = RepositoriesOf<typeof sharingRepositories> &
	AuditRepositories &
	LiveAdminRepositories & {
		readonly users: Pick<UserRepository, 'find' | 'lock'>;
		readonly albums: Pick<AlbumRepository, 'list' | 'lock' | 'announce'>;
		readonly sharedLinks: Pick<SharedLinkRepository, 'listSummaries' | 'count' | 'countAssets' | 'lock' | 'update'>;
	};

export type SharingStore = Store<SharingTransaction>;
