import { describeApi } from '#lib/server/http/api-reference.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(({ event }) => ({ operation: describeApi(event.params['operation'] ?? '') }));
