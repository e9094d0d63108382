import { listApi } from '#lib/server/http/api-reference.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(({ event }) => ({
	entries: listApi(),
	q: (event.url.searchParams.get('q') ?? '').slice(0, 100)
}));
