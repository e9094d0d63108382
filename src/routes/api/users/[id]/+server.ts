import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUser', ({ auth, params, services }) => services.user.get(auth, params.id));
