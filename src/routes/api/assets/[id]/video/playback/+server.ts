import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('playAssetVideo', ({ auth, params, services }) =>
	services.assetMedia.openVideo(auth, params.id)
);
