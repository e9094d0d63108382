import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, id, event }) => {
	const [shownUser, key] = await Promise.all([
		services.userAdmin.get(id),
		services.apiKeyAdmin.get(id, event.params['keyId'] ?? '')
	]);
	return { shownUser, key, nowMs: Date.now() };
});

export const actions = {
	default: action(
		'deleteUserApiKeyAdmin',
		({ auth, params, services }) => services.apiKeyAdmin.end(auth, params.id, params.keyId),
		({ params }) => `/admin/users/${params.id}`
	)
};
