import { getLinkTitle } from '#lib/console/sharing/labels.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id, event }) => {
	const [shownUser, sharing] = await Promise.all([services.userAdmin.get(id), services.sharing.get(id)]);
	const found = sharing.links.find((link) => link.id === event.params['linkId']);
	return { shownUser, name: found ? getLinkTitle(found) : 'the photos' };
});

export const actions = {
	default: action(
		'expireSharedLinkAdmin',
		({ auth, params, services }) => services.sharing.expireLink(auth, params.id, params.linkId),
		({ params }) => `/admin/users/${params.id}/sharing`
	)
};
