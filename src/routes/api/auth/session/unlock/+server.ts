import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('unlockAuthSession', ({ auth, body, services }) => services.pinCode.unlock(auth, body));
