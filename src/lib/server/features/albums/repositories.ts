import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { AlbumRepository } from './album.repository.ts';
import { AlbumUserRepository } from './album-user.repository.ts';

export const albumRepositories = {
	albums: AlbumRepository,
	albumUsers: AlbumUserRepository
};

export type AlbumRepositories = RepositoriesOf<typeof albumRepositories>;
