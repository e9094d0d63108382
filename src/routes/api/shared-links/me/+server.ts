import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMySharedLink', ({ auth, services }) => services.linkVisit.open(auth));
