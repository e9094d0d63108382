import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => ({
	grid: await services.timeline.readGrid(auth, { visibility: 'archive' }, event.url.searchParams.get('month'))
}));
