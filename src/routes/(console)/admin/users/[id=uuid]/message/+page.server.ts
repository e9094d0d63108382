import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id }) => ({ shownUser: await services.userAdmin.get(id) }));

export const actions = {
	default: action(
		'createNotification',
		({ auth, body, services }) => services.notification.create(auth, body),
		({ body }) => `/admin/users/${body.userId}`
	)
};
