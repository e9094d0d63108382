import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('searchUsers', ({ auth, services }) => services.user.search(auth));
