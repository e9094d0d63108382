import { endpoint } from '#lib/server/http/endpoint.ts';

export const PUT = endpoint('runQueueCommandLegacy', ({ auth, params, body, services }) =>
	services.queues.command(auth, params.name, body.command)
);
