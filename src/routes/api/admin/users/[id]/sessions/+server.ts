import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserSessionsAdmin', ({ params, services }) => services.sessionAdmin.list(params.id));
export const DELETE = endpoint('deleteUserSessionsAdmin', ({ auth, params, services }) =>
	services.sessionAdmin.endAll(auth, params.id)
);
