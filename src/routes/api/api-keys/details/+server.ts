import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getApiKeyPage', ({ auth, query, services }) =>
	services.apiKeyDetails.list(auth, query.after)
);
export const POST = endpoint('createApiKeyWithExpiry', ({ auth, body, services }) =>
	services.apiKeyDetails.create(auth, body)
);
