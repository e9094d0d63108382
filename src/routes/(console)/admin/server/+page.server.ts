import { UsagePageQuery } from '#lib/contract/server-info/server.ts';
import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ services, event }) => {
	const { after } = UsagePageQuery.parse(Object.fromEntries(event.url.searchParams));
	const [about, facts, storage, versions, versionCheck, totals, usage, immich] = await Promise.all([
		services.server.about(),
		services.serverFacts.facts(),
		services.serverFacts.storage(),
		services.serverFacts.versions(),
		services.queue.versionCheck(),
		services.serverFacts.totals(),
		services.serverFacts.usage(after),
		services.upstream.state()
	]);
	const { newVersionCheck } = event.locals.container.settings.current.system;
	return {
		about,
		immich,
		facts,
		storage,
		versions,
		versionCheck: newVersionCheck.enabled ? versionCheck : null,
		totals,
		usage,
		isFirstPage: after === undefined
	};
});
