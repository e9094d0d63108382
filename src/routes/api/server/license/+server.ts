import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerLicense', ({ services }) => services.license.getOfServer());
export const PUT = endpoint('setServerLicense', ({ auth, body, services }) => services.license.setOfServer(auth, body));
export const DELETE = endpoint('deleteServerLicense', ({ auth, services }) => services.license.deleteOfServer(auth));
