import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => {
	const partners = await services.partner.list(auth, 'shared-by');
	return { id, partner: partners.find((partner) => partner.id === id.toLowerCase()) ?? null };
});

export const actions = {
	default: action(
		'removePartner',
		({ auth, params, services }) => services.partner.remove(auth, params.id),
		() => '/account/sharing'
	)
};
