import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import { AuditRepository } from './audit.repository.ts';

export const auditRepositories = {
	audit: AuditRepository
};

export type AuditRepositories = RepositoriesOf<typeof auditRepositories>;

export type AuditStore = Store<AuditRepositories & { readonly users: Pick<UserRepository, 'find' | 'listExisting'> }>;
