import { endpoint } from '#lib/server/http/endpoint.ts';

export const DELETE = endpoint('deleteReadNotifications', ({ auth, services }) =>
	services.notifications.deleteRead(auth)
);
