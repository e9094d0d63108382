import { endpoint } from '#lib/server/http/endpoint.ts';
import { setFlowCookies } from '#lib/server/http/oauth-cookies.ts';

export const POST = endpoint('startOAuth', async ({ body, services, event }) => {
	const begun = await services.oauthFlows.begin(body);
	setFlowCookies(event, begun);
	return { url: begun.url };
});
