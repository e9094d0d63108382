import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getQueues', ({ services }) => services.queue.list());
