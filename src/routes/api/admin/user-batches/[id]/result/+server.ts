import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('downloadUserBatch', ({ params, services }) => services.userBatch.download(params.id));
