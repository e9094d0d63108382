import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('retryUserBatch', ({ auth, params, services }) =>
	services.userBatch.draftRetry(auth, params.id)
);
