import { UserDirectoryQuery } from '#lib/contract/user-directory/user-directory.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { chosenColumns } from '#lib/server/features/user-directory/columns.http.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, event }) => {
	const query = UserDirectoryQuery.parse(Object.fromEntries(event.url.searchParams));
	return { query, columns: chosenColumns(event), users: await services.userDirectory.list(query), nowMs: Date.now() };
});

export const actions = {
	change: action(
		'createUserBatch',
		({ auth, body, services }) => services.userBatch.draft(auth, body),
		(_, { id }) => `/admin/users/batches/${id}`
	)
};
