import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('resetPassword', ({ auth, params, body, services }) =>
	services.userAdmin.resetPassword(auth, params.id, body)
);
