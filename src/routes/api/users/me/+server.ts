import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMyUser', ({ auth, services }) => services.users.getMe(auth));
export const PUT = endpoint('updateMyUser', ({ auth, body, services }) => services.users.updateMe(auth, body));
export const PATCH = PUT;
