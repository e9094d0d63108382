import type { AccessRepositories, LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { SessionCleanupRepository } from './session-cleanup.repository.ts';
import { SessionListRepository } from './session-list.repository.ts';
import { SessionSearchRepository } from './session-search.repository.ts';
import { SessionRepository } from './session.repository.ts';

export const sessionRepositories = {
	sessions: SessionRepository,
	sessionSearch: SessionSearchRepository
};

export const sessionDirectRepositories = {
	sessionLists: SessionListRepository,
	sessionCleanup: SessionCleanupRepository
};

export type SessionRepositories = RepositoriesOf<typeof sessionRepositories>;

export type SessionStore = Store<
	SessionRepositories &
		AuditRepositories &
		NotificationRepositories &
		UserRepositories &
		LiveAdminRepositories &
		AccessRepositories,
	RepositoriesOf<typeof sessionDirectRepositories>
>;
