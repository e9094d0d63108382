import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { featureList } from './features.ts';
import { openPlatform, type Host } from './open-platform.ts';

/** Opens the database, then creates and starts all features. */
export async function createContainer(env: AppEnv, host: Host) {
	const platform = await openPlatform(env, host);
	const { changes, log } = platform;
	const { services, features } = await featureList.start(platform, { changes, resources: host.resources });
	const { metrics, signIn, serverInfo } = features;
	if (metrics.port !== null) log.info({ port: metrics.port }, 'Metrics are served');
	const notice = await signIn.setupNotice();
	if (notice !== null) host.onProgress?.(notice);
	await serverInfo.noteVersion();
	return {
		services,
		log,
		changes,
		metrics,
		settings: features.settings.reader,
		maintenance: features.maintenance.mode,
		authenticator: features.sessions.authenticator,
		keyUsage: features.apiKeys.usage,
		gateway: features.realtime.gateway,
		eventsPath: features.realtime.eventsPath,
		upstream: features.upstream.upstream
	};
}

export type Container = Awaited<ReturnType<typeof createContainer>>;
