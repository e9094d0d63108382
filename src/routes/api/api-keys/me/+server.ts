import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMyApiKey', ({ auth, services }) => services.apiKey.getCalling(auth));
