import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserSharingAdmin', ({ params, services }) => services.sharing.get(params.id));
