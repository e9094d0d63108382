import type { LiveAdminRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import type { PoolConnection, Store } from '#lib/server/platform/database/store.ts';
import { LibraryStatisticsRepository } from './library-statistics.repository.ts';
import { ServerRepository } from './server.repository.ts';

export const serverInfoDirectRepositories = ({ pool }: PoolConnection) => ({
	server: new ServerRepository(pool),
	libraryStatistics: new LibraryStatisticsRepository(pool)
});

export type ServerInfoStore = Store<
	AuditRepositories & UserRepositories & LiveAdminRepositories & { readonly metadata: MetadataRepository },
	ReturnType<typeof serverInfoDirectRepositories>
>;
