import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getMyApiKey', ({ auth, services }) => services.apiKeys.getCalling(auth));
