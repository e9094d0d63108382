export { AssetRepository } from './asset.repository.ts';
export { UserStatisticsService } from './user-statistics.service.ts';
export { statisticsRepositories } from './repositories.ts';
