import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getQueueJobs', ({ params, query, services }) =>
	services.queue.listJobs(params.name, query.status)
);
export const POST = endpoint('createQueueJob', ({ auth, params, body, services }) =>
	services.queue.start(auth, params.name, body.name)
);
export const DELETE = endpoint('emptyQueue', ({ auth, params, body, services }) =>
	services.queue.empty(auth, params.name, body)
);
