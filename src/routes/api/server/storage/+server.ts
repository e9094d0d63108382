import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getStorage', ({ services }) => services.serverFacts.storage());
