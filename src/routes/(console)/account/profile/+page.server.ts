import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ auth, services }) => ({
	account: await services.users.getMe(auth),
	hasOwnColor: auth.user.avatarColor !== null
}));

export const actions = {
	save: action(
		'updateMyUser',
		({ auth, body, services }) => services.users.updateMe(auth, body),
		() => '/account/profile'
	)
};
