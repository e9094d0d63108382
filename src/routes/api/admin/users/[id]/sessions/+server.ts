import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getUserSessionsAdmin', ({ auth, params, services }) =>
	services.userAdmin.listSessions(auth, params.id)
);
