import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getVersionCheck', ({ services }) => services.queue.versionCheck());
