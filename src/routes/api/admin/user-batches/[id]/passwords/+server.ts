import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('takeUserBatchPasswords', ({ auth, params, body, services }) =>
	services.userBatch.takePasswords(auth, params.id, body.downloadKey)
);
