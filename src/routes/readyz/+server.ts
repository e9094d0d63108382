import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('checkReadiness', ({ services }) => services.serverFacts.checkReadiness());
