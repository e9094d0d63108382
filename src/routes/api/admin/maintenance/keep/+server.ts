import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('keepMaintenance', ({ auth, body, services }) =>
	services.maintenance.keep(auth, body.minutes)
);
