import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('updateBulkAssetMetadata', ({ auth, body, services }) =>
	services.assetMetadata.set(auth, body.items)
);
export const DELETE = endpoint('deleteBulkAssetMetadata', ({ auth, body, services }) =>
	services.assetMetadata.remove(auth, body.items)
);
