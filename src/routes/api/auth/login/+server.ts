import { setSessionCookies } from '#lib/server/platform/http/cookies.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('login', async ({ body, clientInfo, services, event }) => {
	const login = await services.auth.login(body, clientInfo);
	setSessionCookies(event, login.accessToken, 'password');
	return login;
});
