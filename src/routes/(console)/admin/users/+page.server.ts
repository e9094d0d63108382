import { UserDirectoryQuery } from '#lib/contract/user-directory.ts';
import { load as loadFor } from '#lib/server/http/load.ts';

export const load = loadFor(async ({ services, event }) => {
	const query = UserDirectoryQuery.parse(Object.fromEntries(event.url.searchParams));
	return { query, users: await services.userDirectory.list(query), nowMs: Date.now() };
});
