import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id, event }) => {
	const filter = { userId: id.toLowerCase(), visibility: 'timeline' } as const;
	// Refuses a user whose library isn't shared with the caller.
	const grid = await services.timeline.readGrid(auth, filter, event.url.searchParams.get('month'));
	const partners = await services.partner.list(auth, 'shared-with');
	return { id, grid, name: partners.find((partner) => partner.id === filter.userId)?.name ?? 'this user' };
});
