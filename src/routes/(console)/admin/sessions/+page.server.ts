import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ auth, services }) => services.sessionsOfUsers.countOthers(auth));

export const actions = {
	default: action(
		'deleteAllSessionsAdmin',
		({ auth, fields, services }) => services.sessionsOfUsers.endEverybodysConfirmed(auth, fields),
		() => '/admin/sessions'
	)
};
