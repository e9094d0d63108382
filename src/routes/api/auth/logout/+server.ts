import { clearSessionCookies } from '#lib/server/http/cookies.ts';
import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('logout', async ({ auth, services, event }) => {
	const reply = await services.auth.logout(auth);
	clearSessionCookies(event.cookies);
	return reply;
});
