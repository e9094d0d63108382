import { redirect } from '@sveltejs/kit';
import { withQuery } from '#lib/console/ui/query.ts';
import { AuditPageQuery } from '#lib/contract/audit/audit.ts';
import { uuid } from '#lib/contract/fields.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, event }) => {
	const query = AuditPageQuery.parse(Object.fromEntries(event.url.searchParams));
	const users = query.user === undefined ? await services.userDirectory.findByText(query.who) : [];
	const [first = null, second] = users;
	// A permanently deleted user isn't found, but its events still are.
	const only = users.length === 0 && uuid.safeParse(query.who).success ? query.who : second ? null : first?.id;
	// The URL keeps the user's ID, not the search text.
	if (only) redirect(303, withQuery(event.url, { who: null, user: only }));
	const page = await services.audit.page(query);
	const [existing, chosenUser] = await Promise.all([
		services.audit.listExisting(page.events),
		query.user === undefined ? null : services.audit.findName(query.user)
	]);
	return { query, users, chosenUser, page, existing };
});
