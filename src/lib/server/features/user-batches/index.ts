export { UserBatchRunner } from './user-batch-runner.ts';
export { UserBatchWorkRepository } from './user-batch-work.repository.ts';
export { UserBatchRepository } from './user-batch.repository.ts';
export { UserBatchService } from './user-batch.service.ts';
export { type UserBatchRepositories, userBatchRepositories } from './repositories.ts';
