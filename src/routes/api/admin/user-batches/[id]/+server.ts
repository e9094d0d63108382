import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserBatch', ({ params, services }) => services.userBatches.get(params.id));

export const DELETE = endpoint('discardUserBatch', ({ auth, params, services }) =>
	services.userBatches.discard(auth, params.id)
);
