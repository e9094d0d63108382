import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id, event }) => {
	const [shownUser, sharing] = await Promise.all([services.userAdmin.get(id), services.sharing.get(id)]);
	const found = sharing.sharedWith.find((user) => user.id === event.params['partnerId']);
	return { shownUser, name: found?.name ?? 'the partner' };
});

export const actions = {
	default: action(
		'endPartnershipAdmin',
		({ auth, params, services }) => services.sharing.endPartnership(auth, params.id, params.partnerId),
		({ params }) => `/admin/users/${params.id}/sharing`
	)
};
