import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('forcePasswordChange', ({ auth, params, services }) =>
	services.userPasswords.demandChange(auth, params.id)
);
