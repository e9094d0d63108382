import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('searchSessionsAdmin', ({ auth, query: { cursor, limit, ...filter }, services }) =>
	services.sessionSearch.list(auth, filter, cursor, limit)
);
export const DELETE = endpoint('deleteAllSessionsAdmin', ({ auth, services }) =>
	services.sessionAdmin.endOfAllUsers(auth)
);
