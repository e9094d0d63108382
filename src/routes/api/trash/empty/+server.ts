import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('emptyTrash', ({ auth, services }) => services.asset.emptyTrash(auth));
