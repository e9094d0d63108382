import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerLicense', ({ services }) => services.license.getForServer());
export const PUT = endpoint('setServerLicense', ({ auth, body, services }) =>
	services.license.setForServer(auth, body)
);
export const DELETE = endpoint('deleteServerLicense', ({ auth, services }) => services.license.deleteForServer(auth));
