import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('deleteUserSessionAdmin', ({ auth, params, services }) =>
	services.sessionAdmin.end(auth, params.id, params.sessionId)
);
