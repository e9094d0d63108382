import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('previewUnlinkAllOAuthAccountsAdmin', ({ services }) =>
	services.oauthLinks.previewUnlinkAll()
);

export const POST = endpoint('unlinkAllOAuthAccountsAdmin', ({ auth, services }) =>
	services.oauthLinks.unlinkAll(auth)
);
