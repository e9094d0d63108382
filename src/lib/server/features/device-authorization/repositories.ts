import type { LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { DeviceAuthorizationRepository } from './device-authorization.repository.ts';

export const deviceAuthorizationRepositories = {
	deviceAuthorizations: DeviceAuthorizationRepository
};

export type DeviceAuthorizationStore = Store<
	RepositoriesOf<typeof deviceAuthorizationRepositories> & AuditRepositories & UserRepositories & LiveRepositories
>;
