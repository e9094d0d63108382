import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getPublicConfig', ({ services }) => services.settings.getPublicConfig());
