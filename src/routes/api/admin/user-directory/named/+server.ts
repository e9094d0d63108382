import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('findNamedUsersAdmin', ({ query, services }) => services.userDirectory.findNamed(query.q));
