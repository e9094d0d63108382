import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('acceptPartner', ({ auth, params, services }) =>
	services.partnerRequest.accept(auth, params.id)
);
