import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('forgetSignInAttempts', ({ auth, params, services }) =>
	services.signInCheck.forgetAttempts(auth, params.id)
);
