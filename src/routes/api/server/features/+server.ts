import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getServerFeatures', ({ services }) => services.server.features());
