import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const DELETE = endpoint('leavePartner', ({ auth, params, services }) => services.partner.leave(auth, params.id));
