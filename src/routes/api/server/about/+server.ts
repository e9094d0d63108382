import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getAboutInfo', ({ services }) => services.server.about());
