import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getVersionCheck', ({ services }) => services.queues.versionCheck());
