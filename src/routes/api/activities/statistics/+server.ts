import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getActivityStatistics', ({ auth, query, services }) =>
	services.activity.count(auth, query)
);
