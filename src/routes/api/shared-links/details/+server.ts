import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getSharedLinkPage', ({ auth, query, services }) =>
	services.sharedLink.listPage(auth, query.after)
);
