import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserLicense', ({ auth, services }) => services.license.get(auth));
export const PUT = endpoint('setUserLicense', ({ auth, body, services }) => services.license.set(auth, body));
export const DELETE = endpoint('deleteUserLicense', ({ auth, services }) => services.license.delete(auth));
