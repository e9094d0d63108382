import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getPublicConfigDefaults', ({ services }) => services.settings.publicDefaults());
