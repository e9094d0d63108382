import { endpoint } from '#lib/server/http/endpoint.ts';

export const PUT = endpoint('updateSession', ({ auth, params, body, services }) =>
	services.sessions.update(auth, params.id, body)
);
export const PATCH = PUT;
export const DELETE = endpoint('deleteSession', ({ auth, params, services }) => services.sessions.end(auth, params.id));
