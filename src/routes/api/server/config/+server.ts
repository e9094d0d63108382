import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getServerConfig', ({ services }) => services.server.config());
