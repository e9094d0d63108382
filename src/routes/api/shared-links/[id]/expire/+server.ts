import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('expireSharedLink', ({ auth, params, services }) =>
	services.sharedLink.expire(auth, params.id)
);
