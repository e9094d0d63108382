import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getApkLinks', ({ services }) => services.serverFacts.apkLinks());
