import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('checkHealth', ({ services }) => services.serverFacts.health());
