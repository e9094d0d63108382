import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, id }) => ({
	key: await services.apiKeyDetails.get(auth, id),
	nowMs: Date.now()
}));
