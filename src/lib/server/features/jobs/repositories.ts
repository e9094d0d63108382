import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { JobEnqueueRepository } from './job-enqueue.repository.ts';
import { JobRepository } from './job.repository.ts';
import { QueueStateRepository } from './queue-state.repository.ts';

export const jobRepositories = {
	queueStates: QueueStateRepository,
	jobEnqueue: JobEnqueueRepository
};

export const jobDirectRepositories = {
	jobs: JobRepository
};

export type JobRepositories = RepositoriesOf<typeof jobRepositories>;

export type JobStore = Store<
	JobRepositories & AuditRepositories & LiveAdminRepositories & { readonly metadata: MetadataRepository },
	RepositoriesOf<typeof jobDirectRepositories>
>;
