import { redirect } from '@sveltejs/kit';
import { action } from '#lib/server/http/action.ts';
import { clearSessionCookies, isByProvider } from '#lib/server/http/cookies.ts';

export const actions = {
	default: action('logout', async ({ auth, services, event }) => {
		const { redirectUri } = await services.oauthLogouts.logout(auth, isByProvider(event.cookies));
		clearSessionCookies(event.cookies);
		redirect(303, redirectUri);
	})
};
