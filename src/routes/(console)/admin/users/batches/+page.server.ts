import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services }) => ({ batches: await services.userBatch.listRecent() }));
