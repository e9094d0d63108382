import { endInBrowser, isByProvider } from '#lib/server/platform/http/cookies.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('logout', async ({ auth, services, event }) => {
	const reply = await services.oauthLogout.logout(auth, isByProvider(event.cookies));
	endInBrowser(event);
	return reply;
});
