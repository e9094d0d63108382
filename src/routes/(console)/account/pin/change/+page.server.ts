import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services }) => ({ status: await services.auth.status(auth) }));

export const actions = {
	default: action(
		'changePinCode',
		({ auth, body, services }) => services.pinCode.change(auth, body, body.newPinCode),
		() => '/account/pin'
	)
};
