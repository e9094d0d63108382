import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getPartners', ({ auth, query, services }) => services.partner.list(auth, query.direction));
export const POST = endpoint('createPartner', ({ auth, body, services }) =>
	services.partner.create(auth, body.sharedWithId)
);
