import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { OverviewRepository } from './overview.repository.ts';

export const overviewRepositories = {
	overview: OverviewRepository
};

export type OverviewStore = Store<
	RepositoriesOf<typeof overviewRepositories> &
		AuditRepositories &
		LiveAdminRepositories & { readonly metadata: MetadataRepository }
>;
