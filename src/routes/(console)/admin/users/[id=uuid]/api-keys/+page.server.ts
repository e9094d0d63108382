import { ApiKeyPageQuery } from '#lib/contract/api-keys/api-key-details.ts';
import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id, event }) => {
	const [shownUser, keys] = await Promise.all([
		services.userAdmin.get(id),
		services.apiKeyAdmin.list(id, ApiKeyPageQuery.safeParse(Object.fromEntries(event.url.searchParams)).data?.after)
	]);
	return { shownUser, keys, nowMs: Date.now() };
});

export const actions = {
	default: action(
		'deleteUserApiKeysAdmin',
		({ auth, params, services }) => services.apiKeyAdmin.endAll(auth, params.id),
		({ params }) => `/admin/users/${params.id}`
	)
};
