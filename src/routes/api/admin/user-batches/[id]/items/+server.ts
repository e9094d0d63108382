import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const GET = endpoint('getUserBatchItems', ({ params, query, services }) =>
	services.userBatch.listItems(params.id, query.outcome, query.after)
);
