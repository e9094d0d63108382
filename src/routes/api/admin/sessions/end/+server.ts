import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('endSessionsAdmin', ({ auth, body, services }) => services.sessionSearch.end(auth, body));
