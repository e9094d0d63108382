import { endpoint } from '#lib/server/platform/http/endpoint.ts';

/** Everything is accepted, because only then do clients go on to upload and report that it failed. */
export const POST = endpoint('checkBulkUpload', ({ body }) => ({
	results: body.assets.map(({ id }) => ({ id, action: 'accept' as const }))
}));
