import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getOverviewAdmin', ({ services }) => services.overview.get());
