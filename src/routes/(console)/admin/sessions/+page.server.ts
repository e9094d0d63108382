import { SessionPageQuery } from '#lib/contract/sessions/session-search.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { buildFilterPath } from '#lib/console/sessions/filter-path.ts';

const parseQuery = (url: URL) => SessionPageQuery.parse(Object.fromEntries(url.searchParams));

export const load = loadFor(async ({ auth, services, event }) => {
	const query = parseQuery(event.url);
	return { query, found: await services.sessionSearch.page(auth, query) };
});

export const actions = {
	end: action(
		'endSessionsAdmin',
		({ auth, body, services }) => services.sessionSearch.end(auth, body),
		({ event }) => buildFilterPath('/admin/sessions', parseQuery(event.url))
	)
};
