import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('restoreAssets', ({ auth, body, services }) => services.asset.restore(auth, body.ids));
