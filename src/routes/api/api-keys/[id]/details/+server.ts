import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getApiKeyUsage', ({ auth, params, services }) =>
	services.apiKeyDetails.get(auth, params.id)
);
export const PUT = endpoint('updateApiKeyDetails', ({ auth, params, body, services }) =>
	services.apiKeyDetails.update(auth, params.id, body)
);
