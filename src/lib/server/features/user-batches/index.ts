export { createUserBatches } from './feature.ts';
export { userBatchRepositories } from './repositories.ts';
