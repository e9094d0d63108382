import { getElevatedMs, isElevated } from '#lib/server/platform/caller/caller.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => ({
	status: await services.auth.status(auth),
	grid: isElevated(auth)
		? await services.timeline.readGrid(auth, { visibility: 'locked' }, event.url.searchParams.get('month'))
		: null,
	lockedInMs: isElevated(auth) ? getElevatedMs(auth) : null
}));

const page = '/photos/locked';

export const actions = {
	unlock: action(
		'unlockAuthSession',
		({ auth, body, services }) => services.pinCode.unlock(auth, body),
		() => page
	),
	lock: action(
		'lockAuthSession',
		({ auth, services }) => services.pinCode.lock(auth),
		() => page
	)
};
