import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('createPartnerDeprecated', ({ auth, params, services }) =>
	services.partner.create(auth, params.id)
);
export const PUT = endpoint('updatePartner', ({ auth, params, body, services }) =>
	services.partner.update(auth, params.id, body.inTimeline)
);
export const DELETE = endpoint('removePartner', ({ auth, params, services }) =>
	services.partner.remove(auth, params.id)
);
