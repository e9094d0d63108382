import type { Connection, Store } from '#lib/server/platform/database/store.ts';
import type { UserRepository } from '#lib/server/features/users/index.ts';
import { AuditRepository } from './audit.repository.ts';

export const auditRepositories = ({ prisma }: Connection) => ({ audit: new AuditRepository(prisma) });

export type AuditRepositories = ReturnType<typeof auditRepositories>;

export type AuditStore = Store<AuditRepositories & { readonly users: Pick<UserRepository, 'find' | 'listExisting'> }>;
