import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => ({
	key: await services.apiKeyDetails.get(auth, id),
	nowMs: Date.now()
}));

export const actions = {
	default: action(
		'deleteApiKey',
		({ auth, params, services }) => services.apiKey.delete(auth, params.id),
		() => '/account/api-keys'
	)
};
