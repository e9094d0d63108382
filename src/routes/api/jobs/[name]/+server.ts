import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const PUT = endpoint('runQueueCommandLegacy', ({ auth, params, body, services }) =>
	services.queue.command(auth, params.name, body.command)
);
