import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getUserSessionsAdmin', ({ params, services }) =>
	services.userAdmin.listSessions(params.id)
);
