import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services }) => ({ status: await services.auth.status(auth) }));

const page = '/account/pin';

export const actions = {
	setup: action(
		'setupPinCode',
		({ auth, body, services }) => services.pinCode.setup(auth, body.pinCode),
		() => page
	),
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
