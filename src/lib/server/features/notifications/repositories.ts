import type { AccessRepositories, LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { NotificationRepository } from './notification.repository.ts';

export const notificationRepositories = {
	notifications: NotificationRepository
};

export type NotificationRepositories = RepositoriesOf<typeof notificationRepositories>;

export type NotificationStore = Store<
	NotificationRepositories & AuditRepositories & UserRepositories & LiveAdminRepositories & AccessRepositories
>;
