import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getApiKeys', ({ auth, services }) => services.apiKey.list(auth));
export const POST = endpoint('createApiKey', ({ auth, body, services }) => services.apiKey.create(auth, body));
