import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerLicense', ({ services }) => services.licenses.getOfServer());
export const PUT = endpoint('setServerLicense', ({ auth, body, services }) =>
	services.licenses.setOfServer(auth, body)
);
export const DELETE = endpoint('deleteServerLicense', ({ auth, services }) => services.licenses.deleteOfServer(auth));
