import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ services, auth, event }) =>
	services.providerSettings.find(auth, event.params['group'] ?? '')
);

export const actions = {
	default: action(
		'removeProvider',
		({ auth, params, services }) => services.providerSettings.remove(auth, params.group),
		() => '/admin/settings/oauth'
	)
};
