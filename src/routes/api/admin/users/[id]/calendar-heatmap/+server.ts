import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserCalendarHeatmapAdmin', ({ params, query, services }) =>
	services.userStatistics.heatmap(params.id, query)
);
