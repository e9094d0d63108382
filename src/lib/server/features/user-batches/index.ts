export { createUserBatches } from './feature.ts';
export { type UserBatchRepositories, userBatchRepositories } from './repositories.ts';
