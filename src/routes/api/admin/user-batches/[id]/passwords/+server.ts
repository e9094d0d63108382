import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('takeUserBatchPasswords', ({ auth, params, body, services }) =>
	services.userBatches.takePasswords(auth, params.id, body.pickupKey)
);
