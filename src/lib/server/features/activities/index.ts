export { createActivities } from './feature.ts';
export { activityRepositories } from './repositories.ts';
