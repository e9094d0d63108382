import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('logoutOAuth', ({ body, clientInfo, services }) =>
	services.oauthLogout.logoutByProvider(body.logout_token, clientInfo)
);
