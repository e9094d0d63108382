import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ auth, services }) => services.sessionAdmin.countOthers(auth));

export const actions = {
	default: action(
		'deleteAllSessionsAdmin',
		({ auth, fields, services }) => services.sessionAdmin.endOfAllUsersConfirmed(auth, fields),
		() => '/admin/sessions/everyone'
	)
};
