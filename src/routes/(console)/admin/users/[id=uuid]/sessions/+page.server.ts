import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { readPosition, pathBackToList } from '#lib/server/platform/http/page-params.ts';

const getPath = (id: string) => `/admin/users/${id}/sessions`;

export const load = loadFor(async ({ auth, services, id, event }) => {
	const [shownUser, sessions] = await Promise.all([
		services.userAdmin.get(id),
		services.sessionAdmin.page(auth, id, readPosition(event))
	]);
	return { shownUser, sessions, isSelf: id === auth.user.id };
});

export const actions = {
	end: action(
		'deleteUserSessionAdmin',
		({ auth, params, services }) => services.sessionAdmin.end(auth, params.id, params.sessionId),
		({ params, event }) => pathBackToList(event, getPath(params.id))
	),
	endAll: action(
		'deleteUserSessionsAdmin',
		({ auth, params, services }) => services.sessionAdmin.endAll(auth, params.id),
		({ params }) => getPath(params.id)
	)
};
