import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserConfig', ({ services }) => services.settings.getUserConfig());
