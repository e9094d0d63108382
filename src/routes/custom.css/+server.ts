import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getCustomCss', ({ services }) => services.settings.customCss());
