import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserLicense', ({ auth, services }) => services.licenses.get(auth));
export const PUT = endpoint('setUserLicense', ({ auth, body, services }) => services.licenses.set(auth, body));
export const DELETE = endpoint('deleteUserLicense', ({ auth, services }) => services.licenses.delete(auth));
