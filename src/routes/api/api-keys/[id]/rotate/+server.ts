import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('rotateApiKey', ({ auth, params, services }) => services.apiKey.rotate(auth, params.id));
