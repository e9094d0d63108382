import type { SettingsFeature } from '#lib/server/features/settings/index.ts';
import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { StatisticsStore } from './repositories.ts';
import { syncUsage } from './sync-usage.ts';
import { UserStatisticsService } from './user-statistics.service.ts';

interface Needed {
	readonly settings: SettingsFeature;
}

export const createStatistics = ({ store }: Platform<StatisticsStore>, { settings: { reader: settings } }: Needed) =>
	({
		services: { userStatistics: new UserStatisticsService(store.assetCounts) },
		jobs: {
			UserSyncUsage: {
				queue: 'backgroundTask',
				work: syncUsage(store.quotaUsage),
				isImmichs: true,
				isNightly: () => settings.current.system.nightlyTasks.syncQuotaUsage
			}
		}
	}) satisfies Feature;
