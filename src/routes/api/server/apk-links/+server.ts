import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('getApkLinks', ({ services }) => services.serverFacts.apkLinks());
