import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getAdminConfigDefaults', ({ services }) => services.settings.systemDefaults());
