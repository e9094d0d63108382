import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMyCalendarHeatmap', ({ auth, query, services }) =>
	services.userStatistics.heatmap(auth.user.id, query)
);
