import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('addAssetsToAlbum', ({ auth, params, body, services }) =>
	services.albumAsset.add(auth, params.id, body.ids)
);
export const DELETE = endpoint('removeAssetFromAlbum', ({ auth, params, body, services }) =>
	services.albumAsset.remove(auth, params.id, body.ids)
);
