import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('deleteReadNotifications', ({ auth, services }) =>
	services.notification.deleteRead(auth)
);
