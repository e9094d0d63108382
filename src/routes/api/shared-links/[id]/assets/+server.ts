import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('addSharedLinkAssets', ({ auth, params, body, services }) =>
	services.sharedLink.addAssets(auth, params.id, body.assetIds)
);
export const DELETE = endpoint('removeSharedLinkAssets', ({ auth, params, body, services }) =>
	services.sharedLink.removeAssets(auth, params.id, body.assetIds)
);
