import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('getDownloadInfo', ({ auth, body, services }) => services.download.plan(auth, body));
