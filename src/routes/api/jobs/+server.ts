import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getQueuesLegacy', ({ services }) => services.queues.listLegacy());
export const POST = endpoint('createJob', ({ auth, body, services }) => services.queues.startByHand(auth, body.name));
