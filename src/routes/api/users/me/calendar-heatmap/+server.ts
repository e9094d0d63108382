import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getMyCalendarHeatmap', ({ auth, query, services }) =>
	services.userStatistics.heatmap(auth.user.id, query)
);
