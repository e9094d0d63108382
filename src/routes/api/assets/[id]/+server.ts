import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAssetInfo', ({ auth, params, services }) => services.asset.get(auth, params.id));
export const PUT = endpoint('updateAsset', ({ auth, params, body, services }) =>
	services.asset.update(auth, params.id, body)
);
