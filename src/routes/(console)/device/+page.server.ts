import { formatUserCode, readUserCode } from '#lib/contract/device-authorization/user-code.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

/** Only fills in the code of the link: it is looked up, and approved, by forms alone. */
export const load = loadFor(({ event }) => {
	const code = readUserCode(event.url.searchParams.get('code') ?? '');
	return { code: code === null ? '' : formatUserCode(code) };
});

export const actions = {
	find: action('findDeviceAuthorization', ({ auth, body, services }) =>
		services.deviceAuthorization.find(auth, body.code)
	),
	approve: action('approveDeviceAuthorization', ({ auth, body, services }) =>
		services.deviceAuthorization.approve(auth, body.code)
	),
	deny: action('denyDeviceAuthorization', ({ auth, body, services }) =>
		services.deviceAuthorization.deny(auth, body.code)
	)
};
