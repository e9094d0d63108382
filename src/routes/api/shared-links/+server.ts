import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAllSharedLinks', ({ auth, query, services }) => services.sharedLink.list(auth, query));
export const POST = endpoint('createSharedLink', ({ auth, body, services }) => services.sharedLink.create(auth, body));
