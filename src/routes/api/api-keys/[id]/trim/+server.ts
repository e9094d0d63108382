import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('trimApiKey', ({ auth, params, body, services }) =>
	services.apiKeyDetails.trim(auth, params.id, body.permissions)
);
