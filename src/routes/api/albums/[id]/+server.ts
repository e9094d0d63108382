import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAlbumInfo', ({ auth, params, services }) => services.album.get(auth, params.id));
export const PATCH = endpoint('updateAlbumInfo', ({ auth, params, body, services }) =>
	services.album.update(auth, params.id, body)
);
export const DELETE = endpoint('deleteAlbum', ({ auth, params, services }) => services.album.delete(auth, params.id));
