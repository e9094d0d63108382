import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { withFlowCookies } from '#lib/server/features/oauth/oauth-cookies.http.ts';

export const POST = endpoint('linkOAuthAccount', ({ auth, body, services, event }) =>
	services.oauthLink.link(auth, withFlowCookies(event, body), 'program')
);
