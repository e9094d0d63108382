export { createAlbums } from './feature.ts';
export { toAlbumDto, toVisitorAlbumDto } from './album-dto.ts';
export type { AlbumRepository, AlbumRow } from './album.repository.ts';
export type { AlbumUserRepository, AlbumUserRow } from './album-user.repository.ts';
export { albumRepositories, type AlbumRepositories, type AlbumTransaction } from './repositories.ts';
export { addAssets } from './add-assets.ts';
export { changeAlbum } from './change-albums.ts';
export { isShownInAlbum } from './album.sql.ts';
