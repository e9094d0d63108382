import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getNotification', ({ auth, params, services }) =>
	services.notification.get(auth, params.id)
);
export const PUT = endpoint('updateNotification', ({ auth, params, body, services }) =>
	services.notification.update(auth, params.id, body)
);
export const DELETE = endpoint('deleteNotification', ({ auth, params, services }) =>
	services.notification.delete(auth, [params.id])
);
