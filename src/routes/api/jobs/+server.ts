import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getQueuesLegacy', ({ services }) => services.queue.listLegacy());
export const POST = endpoint('createJob', ({ auth, body, services }) => services.queue.startByHand(auth, body.name));
