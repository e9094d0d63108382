import { setSessionCookies } from '#lib/server/http/cookies.ts';
import { endpoint } from '#lib/server/http/endpoint.ts';
import { clearFlowCookies, withFlowCookies } from '#lib/server/http/oauth-cookies.ts';

export const POST = endpoint('finishOAuth', async ({ body, origin, services, event }) => {
	const login = await services.oauth.signIn(withFlowCookies(event, body), origin);
	setSessionCookies(event, login.accessToken, 'oauth');
	clearFlowCookies(event);
	return login;
});
