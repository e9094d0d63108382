import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getUserConfig', ({ services }) => services.settings.getUserConfig());
