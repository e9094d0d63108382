import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('retryQueue', ({ auth, params, services }) => services.queue.retry(auth, params.name));
