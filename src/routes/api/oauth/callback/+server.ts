import { setSessionCookies } from '#lib/server/platform/http/cookies.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { clearFlowCookies, withFlowCookies } from '#lib/server/features/oauth/oauth-cookies.http.ts';

export const POST = endpoint('finishOAuth', async ({ body, origin, services, event }) => {
	const login = await services.oauth.signIn(withFlowCookies(event, body), origin);
	setSessionCookies(event, login.accessToken, 'oauth');
	clearFlowCookies(event);
	return login;
});
