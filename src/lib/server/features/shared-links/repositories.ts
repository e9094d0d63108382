import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { SharedLinkRepository } from './shared-link.repository.ts';

export const sharedLinkRepositories = {
	sharedLinks: SharedLinkRepository
};

export type SharedLinkRepositories = RepositoriesOf<typeof sharedLinkRepositories>;
