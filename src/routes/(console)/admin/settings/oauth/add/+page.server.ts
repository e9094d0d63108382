import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ services }) => ({ providers: services.providerSettings.list() }));

export const actions = {
	default: action(
		'addProvider',
		({ auth, fields, services }) => services.providerSettings.add(auth, fields.id),
		(_, groupId) => `/admin/settings/${groupId}`
	)
};
