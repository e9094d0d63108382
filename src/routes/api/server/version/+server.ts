import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerVersion', ({ services }) => services.server.version());
