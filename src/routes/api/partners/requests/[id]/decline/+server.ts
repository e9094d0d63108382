import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('declinePartner', ({ auth, params, services }) =>
	services.partnerRequest.decline(auth, params.id)
);
