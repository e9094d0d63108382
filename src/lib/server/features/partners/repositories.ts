import type { AccessRepositories, LiveRepositories } from '#lib/server/features/access/index.ts';
import type { AuditRepositories } from '#lib/server/features/audit/index.ts';
import type { NotificationRepositories } from '#lib/server/features/notifications/index.ts';
import type { UserRepositories } from '#lib/server/features/users/index.ts';
import type { RepositoriesOf, Store } from '#lib/server/platform/database/store.ts';
import { PartnerRequestRepository } from './partner-request.repository.ts';
import { PartnerRepository } from './partner.repository.ts';

export const partnerRepositories = {
	partners: PartnerRepository,
	partnerRequests: PartnerRequestRepository
};

/** What a change of a partnership reads and writes. */
export type PartnerTransaction = RepositoriesOf<typeof partnerRepositories> &
	AccessRepositories &
	AuditRepositories &
	LiveRepositories &
	NotificationRepositories &
	UserRepositories;

export type PartnerStore = Store<PartnerTransaction>;
