import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserBatchRepositories } from '#lib/server/features/user-batches/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { Connection, PoolConnection, Store } from '#lib/server/platform/database/store.ts';
import { CleanupRepository } from './cleanup.repository.ts';
import { JobEnqueueRepository } from './job-enqueue.repository.ts';
import { JobRepository } from './job.repository.ts';
import { QueueStateRepository } from './queue-state.repository.ts';

export const jobRepositories = ({ prisma }: Connection) => ({
	queueStates: new QueueStateRepository(prisma),
	jobEnqueue: new JobEnqueueRepository(prisma)
});

export const jobDirectRepositories = ({ pool }: PoolConnection) => ({
	jobs: new JobRepository(pool),
	cleanup: new CleanupRepository(pool)
});

export type JobRepositories = ReturnType<typeof jobRepositories>;

export type JobStore = Store<
	JobRepositories &
		AuditRepositories &
		LiveAdminRepositories &
		UserBatchRepositories &
		UserRepositories & { readonly metadata: MetadataRepository },
	ReturnType<typeof jobDirectRepositories>
>;
