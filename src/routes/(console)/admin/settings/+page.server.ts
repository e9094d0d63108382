import { load as loadFor } from '#lib/server/platform/http/load.ts';

const maxSearchCharacters = 100;

export const load = loadFor(({ services, event }) => {
	const search = (event.url.searchParams.get('q') ?? '').trim().slice(0, maxSearchCharacters);
	return {
		search,
		groups: services.settingsGroup.list(),
		found: search === '' ? null : services.settingsGroup.search(search)
	};
});
