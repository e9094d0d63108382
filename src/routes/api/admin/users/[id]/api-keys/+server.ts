import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserApiKeysAdmin', ({ params, query, services }) =>
	services.apiKeyAdmin.list(params.id, query.after)
);
export const DELETE = endpoint('deleteUserApiKeysAdmin', ({ auth, params, services }) =>
	services.apiKeyAdmin.endAll(auth, params.id)
);
