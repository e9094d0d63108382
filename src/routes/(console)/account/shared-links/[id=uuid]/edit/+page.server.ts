import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(async ({ auth, services, id, event }) => ({
	link: await services.sharedLink.getSummary(auth, id),
	origin: publicOrigin(event)
}));

export const actions = {
	default: action(
		'updateSharedLink',
		({ auth, params, body, services }) => services.sharedLink.update(auth, params.id, body),
		({ params }) => `/account/shared-links/${params.id}`
	)
};
