import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getCustomCss', ({ services }) => services.settings.customCss());
