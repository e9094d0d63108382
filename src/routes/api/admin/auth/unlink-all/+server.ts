import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('previewUnlinkAllOAuthAccountsAdmin', ({ services }) =>
	services.oauthLink.previewUnlinkAll()
);

export const POST = endpoint('unlinkAllOAuthAccountsAdmin', ({ auth, services }) => services.oauthLink.unlinkAll(auth));
