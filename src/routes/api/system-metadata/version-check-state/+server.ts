import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getVersionCheckState', ({ services }) => services.queue.versionCheck());
