import { endpoint } from '#lib/server/platform/http/endpoint.ts';

const pong = Object.freeze({ res: 'pong' as const });

export const GET = endpoint('pingServer', () => pong);
