import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getVersionHistory', ({ services }) => services.serverFacts.versions());
