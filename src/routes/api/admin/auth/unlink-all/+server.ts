import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('unlinkAllOAuthAccountsAdmin', ({ auth, services }) =>
	services.oauthLinks.unlinkAll(auth)
);
