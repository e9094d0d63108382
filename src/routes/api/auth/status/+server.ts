import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getAuthStatus', ({ auth, services }) => services.auth.status(auth));
