import type { LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { Store } from '#lib/server/platform/database/store.ts';

export type ProfileImageStore = Store<AuditRepositories & UserRepositories & LiveRepositories>;
