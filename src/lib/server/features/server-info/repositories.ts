import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { LibraryStatisticsRepository } from './library-statistics.repository.ts';
import { ServerRepository } from './server.repository.ts';

export const serverInfoDirectRepositories = {
	server: ServerRepository,
	libraryStatistics: LibraryStatisticsRepository
};

export type ServerInfoStore = Store<
	AuditRepositories & UserRepositories & LiveAdminRepositories & { readonly metadata: MetadataRepository },
	RepositoriesOf<typeof serverInfoDirectRepositories>
>;
