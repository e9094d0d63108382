import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getAboutInfo', ({ services }) => services.server.about());
