import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('restoreUserAdmin', ({ auth, params, services }) =>
	services.userAdmin.restore(auth, params.id)
);
