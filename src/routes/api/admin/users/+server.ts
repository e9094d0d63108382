import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('searchUsersAdmin', ({ query, services }) => services.userAdmin.stream(query));
export const POST = endpoint('createUserAdmin', ({ auth, body, services }) => services.userAdmin.create(auth, body));
