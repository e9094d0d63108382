import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { UserDirectoryRepository } from './user-directory.repository.ts';

export const userDirectoryRepositories = {
	directory: UserDirectoryRepository
};

export type UserDirectoryRepositories = RepositoriesOf<typeof userDirectoryRepositories>;
