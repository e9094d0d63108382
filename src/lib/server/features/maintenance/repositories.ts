import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { MaintenanceRepository } from './maintenance.repository.ts';

export const maintenanceRepositories = {
	maintenance: MaintenanceRepository
};

export type MaintenanceRepositories = RepositoriesOf<typeof maintenanceRepositories> &
	AuditRepositories &
	LiveAdminRepositories;

export type MaintenanceStore = Store<MaintenanceRepositories>;
