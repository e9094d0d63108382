import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getApiKey', ({ auth, params, services }) => services.apiKeys.get(auth, params.id));
export const PUT = endpoint('updateApiKey', ({ auth, params, body, services }) =>
	services.apiKeys.update(auth, params.id, body)
);
export const PATCH = PUT;
export const DELETE = endpoint('deleteApiKey', ({ auth, params, services }) =>
	services.apiKeys.delete(auth, params.id)
);
