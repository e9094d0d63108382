import type { Partner, PartnerDirection, PartnerRequest } from '#lib/contract/partners/partner.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import { toUserDto } from '#lib/server/features/users/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { requestNotFound } from './errors.ts';
import { changePartners, recordChange, recordChangeById, toPartnerDto } from './partner.service.ts';
import type { PartnerRequestRow } from './partner-request.repository.ts';
import type { PartnerStore } from './repositories.ts';

/** Libraries that wait to be accepted, if the settings say that they have to be. */
export class PartnerRequestService {
	readonly #store: PartnerStore;

	constructor(store: PartnerStore) {
		this.#store = store;
	}

	/** Lists the requests to the caller, or those that the caller has made. */
	async list(auth: Auth, direction: PartnerDirection): Promise<PartnerRequest[]> {
		return (await this.#store.partnerRequests.list(auth.user.id, direction)).map(toRequestDto);
	}

	/**
	 * Accepts the library of a user: from now on the caller sees it.
	 * @throws {AppError} 400 if that user doesn't ask, or no longer
	 */
	accept(auth: Auth, sharedById: string): Promise<Partner> {
		return changePartners(this.#store, auth, async (repositories) => {
			const { publicUsers, partners, partnerRequests, notifications } = repositories;
			const [user] = await publicUsers.list([sharedById]);
			if (!user || !(await partnerRequests.take(sharedById, auth.user.id))) throw requestNotFound();
			await partners.create(sharedById, auth.user.id);
			await recordChange(repositories, auth, 'partner.accept', user);
			await notifications.create(sharedById, notices.partnerAccepted);
			return toPartnerDto({ user, inTimeline: false });
		});
	}

	/**
	 * Declines the library of a user, who isn't told.
	 * @throws {AppError} 400 if that user doesn't ask, or no longer
	 */
	async decline(auth: Auth, sharedById: string): Promise<void> {
		await changePartners(this.#store, auth, async (repositories) => {
			if (!(await repositories.partnerRequests.decline(sharedById, auth.user.id))) throw requestNotFound();
			await recordChangeById(repositories, auth, 'partner.decline', sharedById);
		});
	}
}

const toRequestDto = ({ user, createdAt, expiresAt }: PartnerRequestRow): PartnerRequest => ({
	user: toUserDto(user),
	createdAt: createdAt.toISOString(),
	expiresAt: expiresAt.toISOString()
});
