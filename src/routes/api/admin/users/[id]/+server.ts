import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserAdmin', ({ params, services }) => services.userAdmin.get(params.id));
export const PUT = endpoint('updateUserAdmin', ({ auth, params, body, services }) =>
	services.userAdmin.update(auth, params.id, body)
);
export const PATCH = PUT;
export const DELETE = endpoint('deleteUserAdmin', ({ auth, params, body, services }) =>
	services.userAdmin.delete(auth, params.id, body)
);
