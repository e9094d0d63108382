import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getSessions', ({ auth, services }) => services.sessions.list(auth));
export const POST = endpoint('createSession', ({ auth, client, body, services }) =>
	services.sessions.createChild(auth, client, body)
);
export const DELETE = endpoint('deleteAllSessions', ({ auth, services }) => services.sessions.endOthers(auth));
