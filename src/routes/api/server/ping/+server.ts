import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('pingServer', () => ({ res: 'pong' as const }));
