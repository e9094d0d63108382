import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { Connection, PoolConnection, Store } from '#lib/server/platform/database/store.ts';
import { JobEnqueueRepository } from './job-enqueue.repository.ts';
import { JobRepository } from './job.repository.ts';
import { QueueStateRepository } from './queue-state.repository.ts';

export const jobRepositories = ({ prisma }: Connection) => ({
	queueStates: new QueueStateRepository(prisma),
	jobEnqueue: new JobEnqueueRepository(prisma)
});

export const jobDirectRepositories = ({ pool }: PoolConnection) => ({
	jobs: new JobRepository(pool)
});

export type JobRepositories = ReturnType<typeof jobRepositories>;

export type JobStore = Store<
	JobRepositories & AuditRepositories & LiveAdminRepositories & { readonly metadata: MetadataRepository },
	ReturnType<typeof jobDirectRepositories>
>;
