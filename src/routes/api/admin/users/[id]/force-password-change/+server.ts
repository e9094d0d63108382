import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('forcePasswordChange', ({ auth, params, services }) =>
	services.userPassword.requireChange(auth, params.id)
);
