import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';
import { mustChangePassword } from '#lib/server/auth/auth.ts';

export const load = loadFor(({ auth, event }) => ({
	email: auth.user.email,
	isRequired: mustChangePassword(auth),
	host: event.url.host
}));

export const actions = {
	default: action(
		'changePassword',
		({ auth, body, services }) => services.auth.changePassword(auth, body),
		() => '/'
	)
};
