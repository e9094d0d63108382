import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getTimeBucket', ({ auth, query, services }) => services.timeline.readBucket(auth, query));
