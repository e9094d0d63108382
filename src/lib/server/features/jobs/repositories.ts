import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserBatchRepositories } from '#lib/server/features/user-batches/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { CleanupRepository } from './cleanup.repository.ts';
import { JobEnqueueRepository } from './job-enqueue.repository.ts';
import { JobRepository } from './job.repository.ts';
import { QueueStateRepository } from './queue-state.repository.ts';

export const jobRepositories = {
	queueStates: QueueStateRepository,
	jobEnqueue: JobEnqueueRepository
};

export const jobDirectRepositories = {
	jobs: JobRepository,
	cleanup: CleanupRepository
};

export type JobRepositories = RepositoriesOf<typeof jobRepositories>;

export type JobStore = Store<
	JobRepositories &
		AuditRepositories &
		LiveAdminRepositories &
		UserBatchRepositories &
		UserRepositories & { readonly metadata: MetadataRepository },
	RepositoriesOf<typeof jobDirectRepositories>
>;
