import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAuthStatus', ({ auth, services }) => services.auth.status(auth));
