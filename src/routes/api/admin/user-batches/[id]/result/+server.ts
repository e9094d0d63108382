import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('downloadUserBatch', ({ params, services }) => services.userBatches.download(params.id));
