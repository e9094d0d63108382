import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('deleteActivity', ({ auth, params, services }) =>
	services.activity.delete(auth, params.id)
);
