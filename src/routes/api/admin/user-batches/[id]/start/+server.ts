import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('startUserBatch', ({ auth, params, services }) =>
	services.userBatches.start(auth, params.id)
);
