import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('validateAccessToken', () => ({ authStatus: true }));
