import { action } from '#lib/server/http/action.ts';
import { clearSessionCookies } from '#lib/server/http/cookies.ts';

export const actions = {
	default: action(
		'logout',
		async ({ auth, services, event }) => {
			await services.auth.logout(auth);
			clearSessionCookies(event.cookies);
		},
		() => '/auth/login?autoLaunch=0'
	)
};
