import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => ({
	link: await services.sharedLink.getSummary(auth, id)
}));

export const actions = {
	default: action(
		'removeSharedLink',
		({ auth, params, services }) => services.sharedLink.delete(auth, params.id),
		() => '/account/shared-links'
	)
};
