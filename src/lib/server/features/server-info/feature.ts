import type { MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Release } from '#lib/contract/realtime/live-events.ts';
import { spokenTag } from '#lib/contract/server-info/spoken-version.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import { checkVersion } from './check-version.ts';
import { Readiness } from './readiness.ts';
import { ReleaseWatch } from './release-watch.ts';
import type { ServerInfoStore } from './repositories.ts';
import { ServerFactsService } from './server-facts.service.ts';
import { ServerService } from './server.service.ts';

interface Needed {
	readonly settings: SettingsFeature;
	readonly maintenance: MaintenanceFeature;
}

export async function createServerInfo(
	{ store, env, log, isDatabaseEmbedded }: Platform<ServerInfoStore>,
	{ settings: { reader: settings }, maintenance }: Needed
) {
	if (env.configFile !== undefined) await store.metadata.setForSystem('admin-onboarding', { isOnboarded: true });
	const listeners: ((release: Release) => void)[] = [];
	const releases = new ReleaseWatch({
		store,
		settings,
		log,
		onRelease: (release) => listeners.forEach((listener) => listener(release))
	});
	return {
		releases,
		onRelease: (listener: (release: Release) => void): void => void listeners.push(listener),
		/** Records that this version has used the database. */
		noteVersion: () => store.server.noteVersion(spokenTag.slice(1)),
		services: {
			server: new ServerService({ store, settings, env, maintenance: maintenance.mode }),
			serverFacts: new ServerFactsService({
				store,
				dataDir: env.dataDir,
				isDatabaseEmbedded,
				readiness: new Readiness(store.server)
			})
		},
		jobs: {
			VersionCheck: {
				queue: 'backgroundTask',
				work: checkVersion({ metadata: store.metadata, settings, versionUrl: env.versionUrl }),
				isImmichs: true,
				isNightly: () => settings.current.system.newVersionCheck.enabled
			}
		},
		changes: { releases: () => releases.reload() },
		stop: { name: 'releases', run: () => releases.stop() }
	} satisfies Feature;
}

export type ServerInfoFeature = Awaited<ReturnType<typeof createServerInfo>>;
