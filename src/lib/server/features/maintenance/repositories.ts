import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { Connection, Store } from '#lib/server/platform/database/store.ts';
import { MaintenanceRepository } from './maintenance.repository.ts';

export const maintenanceRepositories = ({ prisma, vault }: Connection) => ({
	maintenance: new MaintenanceRepository(prisma, vault)
});

export type MaintenanceRepositories = ReturnType<typeof maintenanceRepositories> &
	AuditRepositories &
	LiveAdminRepositories;

export type MaintenanceStore = Store<MaintenanceRepositories>;
