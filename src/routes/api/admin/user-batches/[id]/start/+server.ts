import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('startUserBatch', ({ auth, params, services }) =>
	services.userBatches.start(auth, params.id)
);
