import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { AdminWaysRepositories } from '#lib/server/features/settings/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { UserBatchWorkRepository } from './user-batch-work.repository.ts';
import { UserBatchRepository } from './user-batch.repository.ts';

export const userBatchRepositories = {
	batches: UserBatchRepository,
	batchWork: UserBatchWorkRepository
};

export type UserBatchRepositories = RepositoriesOf<typeof userBatchRepositories>;

/** What one step of a batch reads and writes. */
export type BatchStepRepositories = UserBatchRepositories &
	AuditRepositories &
	NotificationRepositories &
	UserRepositories &
	AdminWaysRepositories &
	LiveAdminRepositories;

export type UserBatchStore = Store<BatchStepRepositories>;
