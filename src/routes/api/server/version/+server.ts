import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getServerVersion', ({ services }) => services.server.version());
