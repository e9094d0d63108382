import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('resetPassword', ({ auth, params, body, services }) =>
	services.userPassword.reset(auth, params.id, body)
);
