import { endpoint } from '#lib/server/http/endpoint.ts';

export const GET = endpoint('downloadUserBatch', ({ params, services }) => services.userBatches.download(params.id));
