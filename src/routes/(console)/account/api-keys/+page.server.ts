import { ApiKeyPageQuery } from '#lib/contract/api-keys/api-key-details.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const after = ApiKeyPageQuery.safeParse(Object.fromEntries(event.url.searchParams)).data?.after;
	return { keys: await services.apiKeyDetails.list(auth, after), isContinued: after !== undefined, nowMs: Date.now() };
});
