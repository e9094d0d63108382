import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getMySharing', ({ auth, services }) => services.sharing.getOwn(auth));
