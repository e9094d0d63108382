import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerStatistics', ({ services }) => services.serverFacts.statistics());
