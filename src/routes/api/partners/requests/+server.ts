import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getPartnerRequests', ({ auth, query, services }) =>
	services.partnerRequest.list(auth, query.direction)
);
