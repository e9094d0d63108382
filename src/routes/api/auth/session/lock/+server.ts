import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('lockAuthSession', ({ auth, services }) => services.pinCodes.lock(auth));
