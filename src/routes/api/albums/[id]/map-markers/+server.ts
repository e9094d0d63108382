import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAlbumMapMarkers', ({ auth, params, services }) =>
	services.albumAsset.listMarkers(auth, params.id)
);
