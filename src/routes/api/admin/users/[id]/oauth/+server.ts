import { endpoint } from '#lib/server/http/endpoint.ts';

export const DELETE = endpoint(
	'unlinkUserOAuthAdmin',
	async ({ auth, params, services }) => (await services.oauthLinks.unlink(auth, params.id)).user
);
