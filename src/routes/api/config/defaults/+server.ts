import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserConfigDefaults', ({ services }) => services.settings.userDefaults());
