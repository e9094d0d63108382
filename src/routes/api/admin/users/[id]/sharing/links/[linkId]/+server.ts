import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('expireSharedLinkAdmin', ({ auth, params, services }) =>
	services.sharing.expireLink(auth, params.id, params.linkId)
);
