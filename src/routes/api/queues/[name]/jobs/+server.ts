import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getQueueJobs', ({ params, query, services }) =>
	services.queues.listJobs(params.name, query.status)
);
export const POST = endpoint('createQueueJob', ({ auth, params, body, services }) =>
	services.queues.start(auth, params.name, body.name)
);
export const DELETE = endpoint('emptyQueue', ({ auth, params, body, services }) =>
	services.queues.empty(auth, params.name, body)
);
