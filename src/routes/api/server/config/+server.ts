import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerConfig', ({ services }) => services.server.config());
