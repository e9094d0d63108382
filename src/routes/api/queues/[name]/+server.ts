import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getQueue', ({ params, services }) => services.queue.get(params.name));
export const PUT = endpoint('updateQueue', ({ auth, params, body, services }) =>
	services.queue.update(auth, params.name, body)
);
