import { endpoint } from '#lib/server/platform/http/endpoint.ts';
import { setFlowCookies } from '#lib/server/features/oauth/oauth-cookies.http.ts';

export const POST = endpoint('startOAuth', async ({ body, clientInfo, services, event }) => {
	const begun = await services.oauthFlow.begin(body, clientInfo);
	setFlowCookies(event, begun);
	return { url: begun.url };
});
