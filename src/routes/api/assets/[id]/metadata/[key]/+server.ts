import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAssetMetadataByKey', ({ auth, params, services }) =>
	services.assetMetadata.get(auth, params.id, params.key)
);
export const DELETE = endpoint('deleteAssetMetadata', ({ auth, params, services }) =>
	services.assetMetadata.remove(auth, [{ assetId: params.id, key: params.key }])
);
