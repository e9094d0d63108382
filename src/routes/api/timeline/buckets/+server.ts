import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getTimeBuckets', ({ auth, query, services }) =>
	services.timeline.listBuckets(auth, query)
);
