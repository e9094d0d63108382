import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserStatisticsAdmin', ({ params, query, services }) =>
	services.userStatistics.count(params.id, query)
);
