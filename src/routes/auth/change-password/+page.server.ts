import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { mustChangePassword } from '#lib/server/platform/caller/caller.ts';

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
