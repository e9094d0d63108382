import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('downloadAsset', ({ auth, params, services }) =>
	services.assetMedia.openOriginal(auth, params.id)
);
