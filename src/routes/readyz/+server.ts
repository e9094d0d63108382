import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('checkReadiness', ({ services }) => services.serverFacts.checkReadiness());
