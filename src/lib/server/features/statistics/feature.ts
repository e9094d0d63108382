import type { Feature, Platform } from '#lib/server/platform/feature.ts';
import type { StatisticsRepositories } from './repositories.ts';
import { UserStatisticsService } from './user-statistics.service.ts';

export const createStatistics = ({ store }: Platform<StatisticsRepositories>) =>
	({ services: { userStatistics: new UserStatisticsService(store.assets) } }) satisfies Feature;
