import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('discoverServer', () => ({ api: { endpoint: '/api' } }));
