import { NotificationPageQuery } from '#lib/contract/notifications/notification.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { pathBackToList } from '#lib/server/platform/http/page-params.ts';

const path = '/account/notifications';

export const load = loadFor(async ({ auth, services, event }) => {
	const query = NotificationPageQuery.parse(Object.fromEntries(event.url.searchParams));
	// Taken before the list is read: later notifications haven't been seen.
	const seenUntil = new Date().toISOString();
	return { query, seenUntil, page: await services.notification.page(auth, query) };
});

export const actions = {
	mark: action(
		'updateNotification',
		({ auth, params, body, services }) => services.notification.update(auth, params.id, body),
		({ event }) => pathBackToList(event, path)
	),
	delete: action(
		'deleteNotification',
		({ auth, params, services }) => services.notification.delete(auth, [params.id]),
		({ event }) => pathBackToList(event, path)
	),
	readAll: action(
		'readAllNotifications',
		({ auth, body, services }) => services.notification.readAll(auth, body.until),
		({ event }) => pathBackToList(event, path)
	),
	deleteRead: action(
		'deleteReadNotifications',
		({ auth, services }) => services.notification.deleteRead(auth),
		() => path
	)
};
