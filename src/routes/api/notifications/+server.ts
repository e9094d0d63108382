import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getNotifications', ({ auth, query, services }) => services.notification.list(auth, query));
export const PUT = endpoint('updateNotifications', ({ auth, body, services }) =>
	services.notification.updateAll(auth, body)
);
export const DELETE = endpoint('deleteNotifications', ({ auth, body, services }) =>
	services.notification.delete(auth, body.ids)
);
