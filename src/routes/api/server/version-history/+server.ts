import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getVersionHistory', ({ services }) => services.serverFacts.versions());
