import { describeApi } from '#lib/server/features/api-docs/index.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ event }) => ({ operation: describeApi(event.params['operation'] ?? '') }));
