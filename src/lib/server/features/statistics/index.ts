export { createStatistics } from './feature.ts';
export { statisticsDirectRepositories, statisticsRepositories } from './repositories.ts';
