import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('startUserBatch', ({ auth, params, services }) =>
	services.userBatch.start(auth, params.id)
);
