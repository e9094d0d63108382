import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('createNotification', ({ auth, body, services }) =>
	services.notification.create(auth, body)
);
