import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getNotification', ({ auth, params, services }) =>
	services.notifications.get(auth, params.id)
);
export const PUT = endpoint('updateNotification', ({ auth, params, body, services }) =>
	services.notifications.update(auth, params.id, body)
);
export const DELETE = endpoint('deleteNotification', ({ auth, params, services }) =>
	services.notifications.delete(auth, [params.id])
);
