import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getApiKey', ({ auth, params, services }) => services.apiKey.get(auth, params.id));
export const PUT = endpoint('updateApiKey', ({ auth, params, body, services }) =>
	services.apiKey.update(auth, params.id, body)
);
export const PATCH = PUT;
export const DELETE = endpoint('deleteApiKey', ({ auth, params, services }) => services.apiKey.delete(auth, params.id));
