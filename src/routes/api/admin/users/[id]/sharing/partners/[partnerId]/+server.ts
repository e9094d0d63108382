import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('endPartnershipAdmin', ({ auth, params, services }) =>
	services.sharing.endPartnership(auth, params.id, params.partnerId)
);
