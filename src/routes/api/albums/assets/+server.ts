import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('addAssetsToAlbums', ({ auth, body, services }) =>
	services.albumAsset.addToAlbums(auth, body)
);
