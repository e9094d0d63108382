import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getActivities', ({ auth, query, services }) => services.activity.list(auth, query));
export const POST = endpoint('createActivity', ({ auth, body, services }) => services.activity.create(auth, body));
