import { setSessionCookies } from '#lib/server/http/cookies.ts';
import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('login', async ({ body, client, services, event }) => {
	const login = await services.auth.login(body, client);
	setSessionCookies(event, login.accessToken, 'password');
	return login;
});
