import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getPublicConfigDefaults', ({ services }) => services.settings.publicDefaults());
