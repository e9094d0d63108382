import { endpoint } from '#lib/server/http/endpoint.ts';
import { withFlowCookies } from '#lib/server/http/oauth-cookies.ts';

export const POST = endpoint('linkOAuthAccount', ({ auth, body, services, event }) =>
	services.oauthLinks.link(auth, withFlowCookies(event, body), 'program')
);
