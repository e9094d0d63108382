import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => ({
	grid: await services.timeline.readGrid(auth, { isTrashed: true }, event.url.searchParams.get('month')),
	days: event.locals.container.settings.current.system.trash.days
}));

const page = '/photos/trash';

export const actions = {
	restoreAll: action(
		'restoreTrash',
		({ auth, services }) => services.asset.restoreTrash(auth),
		() => page
	),
	empty: action(
		'emptyTrash',
		({ auth, services }) => services.asset.emptyTrash(auth),
		() => page
	)
};
