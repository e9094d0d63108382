import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('viewAsset', ({ auth, params, query, services }) =>
	services.assetMedia.openThumbnail(auth, params.id, query.size)
);
