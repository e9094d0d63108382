import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('readAllNotifications', ({ auth, body, services }) =>
	services.notification.readAll(auth, body.until)
);
