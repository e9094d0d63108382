import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('pingServer', () => ({ res: 'pong' as const }));
