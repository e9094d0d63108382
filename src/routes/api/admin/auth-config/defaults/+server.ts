import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getAuthConfigDefaults', ({ services }) => services.settings.immichAuthDefaults());
