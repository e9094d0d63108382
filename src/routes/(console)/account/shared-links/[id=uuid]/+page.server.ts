import { buildAddress } from '#lib/console/shared-links/address.ts';
import { buildQrCode } from '#lib/server/features/shared-links/qr-code.http.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const link = await services.sharedLink.getSummary(auth, id);
	const address = buildAddress(publicOrigin(event), link);
	return { link, address, qrCode: await buildQrCode(address) };
});

export const actions = {
	expire: action(
		'expireSharedLink',
		({ auth, params, services }) => services.sharedLink.expire(auth, params.id),
		({ params }) => `/account/shared-links/${params.id}`
	)
};
