import type { AccessRepositories } from '#lib/server/features/access/index.ts';
import type { SharedLinkRepository } from '#lib/server/features/shared-links/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { DownloadRepository } from './download.repository.ts';

export const downloadRepositories = {
	downloads: DownloadRepository
};

export type DownloadStore = Store<
	RepositoriesOf<typeof downloadRepositories> &
		AccessRepositories & { readonly sharedLinks: Pick<SharedLinkRepository, 'listShown'> }
>;
