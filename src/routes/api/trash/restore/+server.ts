import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('restoreTrash', ({ auth, services }) => services.asset.restoreTrash(auth));
