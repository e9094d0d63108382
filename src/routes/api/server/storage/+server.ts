import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getStorage', ({ services }) => services.serverFacts.storage());
