import { endpoint } from '#lib/server/platform/http/endpoint.ts';

/** Accepts everything, because only then do clients try to upload and report the failure. */
export const POST = endpoint('checkBulkUpload', ({ body }) => ({
	results: body.assets.map(({ id }) => ({ id, action: 'accept' as const }))
}));
