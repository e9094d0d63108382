import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getConfigDefaults', ({ services }) => services.settings.systemDefaults());
