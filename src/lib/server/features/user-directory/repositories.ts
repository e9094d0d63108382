import type { Connection } from '#lib/server/platform/database/store.ts';
import { UserDirectoryRepository } from './user-directory.repository.ts';

export const userDirectoryRepositories = ({ prisma }: Connection) => ({
	directory: new UserDirectoryRepository(prisma)
});

export type UserDirectoryRepositories = ReturnType<typeof userDirectoryRepositories>;
