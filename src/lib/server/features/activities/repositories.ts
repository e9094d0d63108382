import type { AlbumTransaction } from '#lib/server/features/albums/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { ActivityRepository } from './activity.repository.ts';

export const activityRepositories = {
	activities: ActivityRepository
};

export type ActivityStore = Store<AlbumTransaction & RepositoriesOf<typeof activityRepositories>>;
