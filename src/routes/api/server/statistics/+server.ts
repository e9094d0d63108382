import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getServerStatistics', ({ services }) => services.serverFacts.statistics());
