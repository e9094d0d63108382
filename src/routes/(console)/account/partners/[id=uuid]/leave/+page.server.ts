import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => {
	const partners = await services.partner.list(auth, 'shared-with');
	return { id, partner: partners.find((partner) => partner.id === id.toLowerCase()) ?? null };
});

export const actions = {
	default: action(
		'leavePartner',
		({ auth, params, services }) => services.partner.leave(auth, params.id),
		() => '/account/sharing'
	)
};
