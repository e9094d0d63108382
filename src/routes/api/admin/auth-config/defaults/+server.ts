import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAuthConfigDefaults', ({ services }) => services.settings.immichAuthDefaults());
