import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getUser', ({ params, services }) => services.users.get(params.id));
