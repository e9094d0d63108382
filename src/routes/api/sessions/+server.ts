import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getSessions', ({ auth, services }) => services.session.list(auth));
export const POST = endpoint('createSession', ({ auth, body, services }) => services.session.createChild(auth, body));
export const DELETE = endpoint('deleteAllSessions', ({ auth, services }) => services.session.endOthers(auth));
