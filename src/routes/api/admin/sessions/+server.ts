import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('deleteAllSessionsAdmin', ({ auth, services }) =>
	services.sessionAdmin.endOfAllUsers(auth)
);
