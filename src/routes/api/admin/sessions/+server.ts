import { endpoint } from '#lib/server/http/endpoint.ts';

export const DELETE = endpoint('deleteAllSessionsAdmin', ({ auth, services }) =>
	services.sessionsOfUsers.endEverybodys(auth)
);
