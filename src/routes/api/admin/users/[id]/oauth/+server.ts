import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('unlinkUserOAuthAdmin', ({ auth, params, services }) =>
	services.oauthLink.unlink(auth, params.id)
);
