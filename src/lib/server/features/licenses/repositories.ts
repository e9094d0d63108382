import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { Store } from '#lib/server/platform/database/store.ts';

export type LicenseRepositories = AuditRepositories &
	UserRepositories &
	LiveAdminRepositories & { readonly metadata: MetadataRepository };

export type LicenseStore = Store<LicenseRepositories>;
