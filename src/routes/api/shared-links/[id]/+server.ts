import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getSharedLinkById', ({ auth, params, services }) =>
	services.sharedLink.get(auth, params.id)
);
export const PATCH = endpoint('updateSharedLink', ({ auth, params, body, services }) =>
	services.sharedLink.update(auth, params.id, body)
);
export const DELETE = endpoint('removeSharedLink', ({ auth, params, services }) =>
	services.sharedLink.delete(auth, params.id)
);
