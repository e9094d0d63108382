import { listApi } from '#lib/server/features/api-docs/index.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(({ event }) => ({
	entries: listApi(),
	q: (event.url.searchParams.get('q') ?? '').slice(0, 100)
}));
