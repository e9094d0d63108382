export { CleanupRepository } from './cleanup.repository.ts';
export { JobOrderRepository } from './job-enqueue.repository.ts';
export { JobQueues } from './job-queues.ts';
export { workTable } from './job-registry.ts';
export { JobRepository } from './job.repository.ts';
export { QueueStateRepository } from './queue-state.repository.ts';
export { QueueService } from './queue.service.ts';
export { jobDirectRepositories, jobRepositories } from './repositories.ts';
