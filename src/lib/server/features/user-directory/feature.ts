import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { UserDirectoryRepositories } from './repositories.ts';
import { UserDirectoryService } from './user-directory.service.ts';

export const createUserDirectory = ({ store }: Platform<UserDirectoryRepositories>) =>
	({ services: { userDirectory: new UserDirectoryService(store) } }) satisfies Feature;
