export { createAlbums } from './feature.ts';
export { toAlbumDto } from './album-dto.ts';
export type { AlbumRepository, AlbumRow } from './album.repository.ts';
export type { AlbumUserRepository, AlbumUserRow } from './album-user.repository.ts';
export { type AlbumRepositories, albumRepositories } from './repositories.ts';
