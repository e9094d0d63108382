import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAssetMetadata', ({ auth, params, services }) =>
	services.assetMetadata.list(auth, params.id)
);
export const PUT = endpoint('updateAssetMetadata', ({ auth, params, body, services }) =>
	services.assetMetadata.set(
		auth,
		body.items.map((item) => ({ assetId: params.id, ...item }))
	)
);
