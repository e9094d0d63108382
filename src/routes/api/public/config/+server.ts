import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getPublicConfig', ({ services }) => services.settings.getPublicConfig());
