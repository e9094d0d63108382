import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMyUser', ({ auth, services }) => services.user.getMe(auth));
export const PUT = endpoint('updateMyUser', ({ auth, body, services }) => services.user.updateMe(auth, body));
export const PATCH = PUT;
