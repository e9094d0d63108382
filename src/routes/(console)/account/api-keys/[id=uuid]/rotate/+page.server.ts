import { action } from '#lib/server/http/action.ts';
import { load as loadFor } from '#lib/server/http/load.ts';
import { publicOrigin } from '#lib/server/http/public-origin.ts';

export const load = loadFor(async ({ auth, services, id, event }) => ({
	key: await services.apiKeyDetails.get(auth, id),
	origin: publicOrigin(event),
	nowMs: Date.now()
}));

export const actions = {
	default: action('rotateApiKey', ({ auth, params, services }) => services.apiKeys.rotate(auth, params.id))
};
