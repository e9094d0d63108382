import { createAccess } from '#lib/server/features/access/index.ts';
import { createApiKeys } from '#lib/server/features/api-keys/index.ts';
import { createAudit } from '#lib/server/features/audit/index.ts';
import { createJobs } from '#lib/server/features/jobs/index.ts';
import { createLicenses } from '#lib/server/features/licenses/index.ts';
import { createMaintenance, type MaintenanceFeature } from '#lib/server/features/maintenance/index.ts';
import { createNotifications } from '#lib/server/features/notifications/index.ts';
import { createOAuth } from '#lib/server/features/oauth/index.ts';
import { createProfileImages } from '#lib/server/features/profile-images/index.ts';
import { createRealtime } from '#lib/server/features/realtime/index.ts';
import { createServerInfo } from '#lib/server/features/server-info/index.ts';
import { createSessions } from '#lib/server/features/sessions/index.ts';
import { createSettings } from '#lib/server/features/settings/index.ts';
import { createSignIn } from '#lib/server/features/sign-in/index.ts';
import { createSignInLimits } from '#lib/server/features/sign-in-limits/index.ts';
import { createStatistics } from '#lib/server/features/statistics/index.ts';
import { createUserBatches } from '#lib/server/features/user-batches/index.ts';
import { createUserDirectory } from '#lib/server/features/user-directory/index.ts';
import { createUsers } from '#lib/server/features/users/index.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { transactionPoolerWarning } from '#lib/server/platform/database/pooling.ts';
import { Composition } from './composition.ts';
import { createMetrics } from './metrics/metrics-server.ts';
import { openPlatform, type AppPlatform, type Host } from './open-platform.ts';

/** Starts the change feed once every feature has subscribed to it. */
const startChangeFeed = (
	{ changes, pooling, log }: AppPlatform,
	{ maintenance }: { readonly maintenance: MaintenanceFeature }
) => ({
	stop: { name: 'changes of the database', run: () => changes.stop() },
	start: async () => {
		if (pooling === 'transaction') log.warn(transactionPoolerWarning);
		await changes.start();
		await maintenance.mode.refresh();
	}
});

/** Every feature, after those it takes services from. They start in this order, and stop in reverse. */
const featureList = new Composition<AppPlatform>()
	.add('audit', createAudit)
	.add('settings', createSettings)
	.add('access', createAccess)
	.add('maintenance', createMaintenance)
	.add('sessions', createSessions)
	.add('serverInfo', createServerInfo)
	.add('changeFeed', startChangeFeed)
	.add('realtime', createRealtime)
	.add('metrics', createMetrics)
	.add('apiKeys', createApiKeys)
	.add('profileImages', createProfileImages)
	.add('signInLimits', createSignInLimits)
	.add('users', createUsers)
	.add('signIn', createSignIn)
	.add('oauth', createOAuth)
	.add('userDirectory', createUserDirectory)
	.add('statistics', createStatistics)
	.add('licenses', createLicenses)
	.add('userBatches', createUserBatches)
	.add('notifications', createNotifications)
	.add('jobs', createJobs);

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
		gateway: features.realtime.gateway
	};
}

export type Container = Awaited<ReturnType<typeof createContainer>>;
