import { setSessionCookies } from '#lib/server/platform/http/cookies.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { clearFlowCookies, withFlowCookies } from '#lib/server/features/oauth/oauth-cookies.http.ts';

export const POST = endpoint('finishOAuth', async ({ body, clientInfo, services, event }) => {
	const login = await services.oauth.signIn(withFlowCookies(event, body), clientInfo);
	setSessionCookies(event, login.accessToken, 'oauth');
	clearFlowCookies(event);
	return login;
});
