import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAssetStatistics', ({ auth, query, services }) =>
	services.userStatistics.countOwn(auth, query)
);
