import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('lockSession', ({ auth, params, services }) => services.session.lock(auth, params.id));
