import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('deleteUserApiKeyAdmin', ({ auth, params, services }) =>
	services.apiKeyAdmin.end(auth, params.id, params.keyId)
);
