import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('lockAuthSession', ({ auth, services }) => services.pinCode.lock(auth));
