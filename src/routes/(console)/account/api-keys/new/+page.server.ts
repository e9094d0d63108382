import { action } from '#lib/server/platform/http/action.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(({ event }) => ({
	origin: publicOrigin(event),
	preset: event.url.searchParams.get('for')
}));

export const actions = {
	default: action('createApiKeyWithExpiry', ({ auth, body, services }) => services.apiKeyDetails.create(auth, body))
};
