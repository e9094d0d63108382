import { redirect } from '@sveltejs/kit';
import { buildFilterPath } from '#lib/console/sessions/filter-path.ts';
import { isNarrowed, SessionPageQuery } from '#lib/contract/sessions/session-search.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const { after: _, before: __, ...filter } = SessionPageQuery.parse(Object.fromEntries(event.url.searchParams));
	// Without a filter it is everyone, which has a confirmation of its own.
	if (!isNarrowed(filter)) redirect(303, '/admin/sessions/everyone');
	return {
		filter,
		...(await services.sessionSearch.count(auth, filter)),
		path: buildFilterPath('/admin/sessions', filter)
	};
});

export const actions = {
	default: action(
		'endSessionsAdmin',
		({ auth, body, services }) => services.sessionSearch.end(auth, body),
		() => '/admin/sessions'
	)
};
