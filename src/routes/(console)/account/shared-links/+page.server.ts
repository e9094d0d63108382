import { SharedLinkPageQuery } from '#lib/contract/shared-links/shared-link.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { publicOrigin } from '#lib/server/platform/http/public-origin.ts';

export const load = loadFor(async ({ auth, services, event }) => {
	const after = SharedLinkPageQuery.safeParse(Object.fromEntries(event.url.searchParams)).data?.after;
	return {
		page: await services.sharedLink.listPage(auth, after),
		isContinued: after !== undefined,
		origin: publicOrigin(event)
	};
});
