import { endpoint } from '#lib/server/http/endpoint.ts';

export const POST = endpoint('rotateApiKey', ({ auth, params, services }) => services.apiKeys.rotate(auth, params.id));
