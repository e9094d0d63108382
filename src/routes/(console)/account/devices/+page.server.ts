import { action } from '#lib/server/platform/http/action.ts';
import { endIfOwn } from '#lib/server/platform/http/cookies.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { readPosition, pathBackToList } from '#lib/server/platform/http/page-params.ts';

const path = '/account/devices';

export const load = loadFor(({ auth, services, event }) => services.session.devices(auth, readPosition(event)));

export const actions = {
	end: action(
		'deleteSession',
		async ({ auth, params, services, event }) => {
			await services.session.end(auth, params.id);
			endIfOwn(event, params.id);
		},
		({ event }) => pathBackToList(event, path)
	),
	endOthers: action(
		'deleteAllSessions',
		({ auth, services }) => services.session.endOthers(auth),
		() => path
	),
	dismiss: action(
		'dismissNewDevice',
		({ auth, params, services }) => services.session.dismissMark(auth, params.id),
		({ event }) => pathBackToList(event, path)
	)
};
