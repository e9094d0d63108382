export { createJobs } from './feature.ts';
export type { JobRepository } from './job.repository.ts';
export { jobDirectRepositories, jobRepositories } from './repositories.ts';
