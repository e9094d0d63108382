import { accessRepositories, createAccess } from '#lib/server/features/access/index.ts';
import { activityRepositories, createActivities } from '#lib/server/features/activities/index.ts';
import { albumRepositories, createAlbums } from '#lib/server/features/albums/index.ts';
import { createApiKeys, apiKeyRepositories, apiKeyDirectRepositories } from '#lib/server/features/api-keys/index.ts';
import { assetRepositories, createAssets } from '#lib/server/features/assets/index.ts';
import { createAudit, auditRepositories } from '#lib/server/features/audit/index.ts';
import {
	createDeviceAuthorization,
	deviceAuthorizationRepositories
} from '#lib/server/features/device-authorization/index.ts';
import { createDownloads, downloadRepositories } from '#lib/server/features/downloads/index.ts';
import { createJobs, jobRepositories, jobDirectRepositories } from '#lib/server/features/jobs/index.ts';
import { createLicenses } from '#lib/server/features/licenses/index.ts';
import {
	createMaintenance,
	type MaintenanceFeature,
	maintenanceRepositories
} from '#lib/server/features/maintenance/index.ts';
import { createNotifications, notificationRepositories } from '#lib/server/features/notifications/index.ts';
import { createOAuth, oauthRepositories } from '#lib/server/features/oauth/index.ts';
import { createOverview, overviewRepositories } from '#lib/server/features/overview/index.ts';
import { createPartners, partnerRepositories } from '#lib/server/features/partners/index.ts';
import { createProfileImages } from '#lib/server/features/profile-images/index.ts';
import { createRealtime } from '#lib/server/features/realtime/index.ts';
import { createServerInfo, serverInfoDirectRepositories } from '#lib/server/features/server-info/index.ts';
import { createSessions, sessionRepositories, sessionDirectRepositories } from '#lib/server/features/sessions/index.ts';
import {
	createSettings,
	settingsRepositories,
	settingsDirectRepositories
} from '#lib/server/features/settings/index.ts';
import { createSharedLinks, sharedLinkRepositories } from '#lib/server/features/shared-links/index.ts';
import { createSharing, sharingRepositories } from '#lib/server/features/sharing/index.ts';
import { createSignIn } from '#lib/server/features/sign-in/index.ts';
import { createSignInLimits, signInLimitRepositories } from '#lib/server/features/sign-in-limits/index.ts';
import {
	createStatistics,
	statisticsRepositories,
	statisticsDirectRepositories
} from '#lib/server/features/statistics/index.ts';
import { createUpstream } from '#lib/server/features/upstream/index.ts';
import { createUserBatches, userBatchRepositories } from '#lib/server/features/user-batches/index.ts';
import { createUserDirectory, userDirectoryRepositories } from '#lib/server/features/user-directory/index.ts';
import { createUsers, userRepositories, userDirectRepositories } from '#lib/server/features/users/index.ts';
import type { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import { type Pooling, transactionPoolerWarning } from '#lib/server/platform/database/pooling.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { Composition } from './composition.ts';
import { createMetrics } from './metrics/metrics-server.ts';

interface FeedPlatform {
	readonly changes: ChangeFeed;
	readonly pooling: Pooling;
	readonly log: Log;
}

/** Follows the database once everything that is read at startup listens. */
const startChangeFeed = (
	{ changes, pooling, log }: FeedPlatform,
	{ maintenance }: { readonly maintenance: MaintenanceFeature }
) => ({
	stop: { name: 'changes of the database', run: () => changes.stop() },
	start: async () => {
		if (pooling === 'transaction') log.warn(transactionPoolerWarning);
		await changes.start();
		await maintenance.mode.refresh();
	}
});

/**
 * Every feature, after those it takes services from, with its repositories. They start in this order, and stop in reverse.
 */
export const featureList = new Composition()
	.add('settings', createSettings, settingsRepositories, settingsDirectRepositories)
	.add('audit', createAudit, auditRepositories)
	.add('access', createAccess, accessRepositories)
	.add('maintenance', createMaintenance, maintenanceRepositories)
	.add('sessions', createSessions, sessionRepositories, sessionDirectRepositories)
	.add('serverInfo', createServerInfo, undefined, serverInfoDirectRepositories)
	.add('changeFeed', startChangeFeed)
	.add('realtime', createRealtime)
	.add('upstream', createUpstream)
	.add('metrics', createMetrics)
	.add('apiKeys', createApiKeys, apiKeyRepositories, apiKeyDirectRepositories)
	.add('profileImages', createProfileImages)
	.add('signInLimits', createSignInLimits, signInLimitRepositories)
	.add('users', createUsers, userRepositories, userDirectRepositories)
	.add('signIn', createSignIn)
	.add('oauth', createOAuth, oauthRepositories)
	.add('deviceAuthorization', createDeviceAuthorization, deviceAuthorizationRepositories)
	.add('userDirectory', createUserDirectory, userDirectoryRepositories)
	.add('statistics', createStatistics, statisticsRepositories, statisticsDirectRepositories)
	.add('licenses', createLicenses)
	.add('userBatches', createUserBatches, userBatchRepositories)
	.add('notifications', createNotifications, notificationRepositories)
	.add('assets', createAssets, assetRepositories)
	.add('albums', createAlbums, albumRepositories)
	.add('activities', createActivities, activityRepositories)
	.add('partners', createPartners, partnerRepositories)
	.add('sharedLinks', createSharedLinks, sharedLinkRepositories)
	.add('downloads', createDownloads, downloadRepositories)
	.add('sharing', createSharing, sharingRepositories)
	.add('overview', createOverview, overviewRepositories)
	.addLast('jobs', createJobs, jobRepositories, jobDirectRepositories);
