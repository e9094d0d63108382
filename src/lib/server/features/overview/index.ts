export { createOverview } from './feature.ts';
export { overviewRepositories } from './repositories.ts';
