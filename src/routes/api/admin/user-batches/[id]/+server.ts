import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserBatch', ({ params, services }) => services.userBatch.get(params.id));

export const DELETE = endpoint('discardUserBatch', ({ auth, params, services }) =>
	services.userBatch.discard(auth, params.id)
);
