import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('searchAssets', ({ auth, body, services }) => services.assetSearch.search(auth, body));
