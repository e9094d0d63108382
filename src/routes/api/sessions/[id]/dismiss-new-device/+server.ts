import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('dismissNewDevice', ({ auth, params, services }) =>
	services.session.dismissMark(auth, params.id)
);
