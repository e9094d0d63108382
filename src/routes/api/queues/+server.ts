import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getQueues', ({ services }) => services.queues.list());
