import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(async ({ auth, services, id, event }) => ({
	key: await services.apiKeyDetails.get(auth, id),
	origin: publicOrigin(event),
	nowMs: Date.now()
}));

export const actions = {
	default: action('rotateApiKey', ({ auth, params, services }) => services.apiKey.rotate(auth, params.id))
};
