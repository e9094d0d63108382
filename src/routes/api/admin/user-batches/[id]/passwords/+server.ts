import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('takeUserBatchPasswords', ({ params, body, services }) =>
	services.userBatches.takePasswords(params.id, body.pickupKey)
);
