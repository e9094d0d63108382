import { action } from '#lib/server/platform/http/action.ts';
import { endIfOwn } from '#lib/server/platform/http/cookies.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { placeOf, samePlace } from '#lib/server/platform/http/page-params.ts';

const path = '/account/devices';

export const load = loadFor(({ auth, services, event }) => services.sessions.devices(auth, placeOf(event)));

export const actions = {
	end: action(
		'deleteSession',
		async ({ auth, params, services, event }) => {
			await services.sessions.end(auth, params.id);
			endIfOwn(event, params.id);
		},
		({ event }) => samePlace(event, path)
	),
	endOthers: action(
		'deleteAllSessions',
		({ auth, services }) => services.sessions.endOthers(auth),
		() => path
	),
	dismiss: action(
		'dismissNewDevice',
		({ auth, params, services }) => services.sessions.dismissMark(auth, params.id),
		({ event }) => samePlace(event, path)
	)
};
