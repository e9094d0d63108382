export { createStatistics } from './feature.ts';
export { statisticsRepositories } from './repositories.ts';
