import type { AuditAction } from '#lib/contract/audit/audit.ts';
import type { Partner, PartnerDirection } from '#lib/contract/partners/partner.ts';
import { requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { type PublicUser, toUserDto } from '#lib/server/features/users/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { invalidUser, ownPartner, partnerExists, partnerNotFound, requestExists, tooManyPartners } from './errors.ts';
import type { PartnerRow } from './partner.repository.ts';
import type { PartnerStore, PartnerTransaction } from './repositories.ts';

interface Dependencies {
	readonly store: PartnerStore;
	readonly settings: SettingsReader;
}

/** Users one can share with, and ask, at most. */
const mostPartners = 500;

/** Who shares the whole library with whom. Source: docs/wire-reference/partners.md#partner-endpoints. */
export class PartnerService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/** Whether a library is shared only after its receiver has accepted it. */
	get mustAccept(): boolean {
		return this.#deps.settings.current.immichAuth.partners.mustAccept;
	}

	/** Lists those whom the caller shares with, or who share with the caller. */
	async list(auth: Auth, direction: PartnerDirection): Promise<Partner[]> {
		return (await this.#deps.store.partners.list(auth.user.id, direction)).map(toPartnerDto);
	}

	/**
	 * Shares the caller's library with a user, or asks that user to accept it if the settings say so.
	 * @throws {AppError} 400 for the caller, an unknown or deleted user, one who has it or was asked already, or too many
	 */
	create(auth: Auth, sharedWithId: string): Promise<Partner> {
		const { id } = auth.user;
		if (sharedWithId === id) throw ownPartner();
		const { mustAccept } = this;
		return changePartners(this.#deps.store, auth, async (repositories) => {
			const { publicUsers, partners, partnerRequests, notifications } = repositories;
			const [user] = await publicUsers.list([sharedWithId]);
			if (!user) throw invalidUser();
			if (await partners.exists(id, sharedWithId)) throw partnerExists();
			if ((await partners.count(id)) + (await partnerRequests.count(id)) >= mostPartners)
				throw tooManyPartners(mostPartners);
			if (mustAccept) {
				if (!(await partnerRequests.create(id, sharedWithId))) throw requestExists();
				await recordChange(repositories, auth, 'partner.request', user);
				await notifications.create(sharedWithId, notices.partnerRequested);
			} else {
				if (!(await partners.create(id, sharedWithId))) throw partnerExists();
				await partnerRequests.remove(id, sharedWithId);
				await recordChange(repositories, auth, 'partner.add', user);
				await notifications.create(sharedWithId, notices.partnerAdded);
			}
			return toPartnerDto({ user, inTimeline: false });
		});
	}

	/**
	 * Chooses whether the caller's timeline has the photos of a user who shares with the caller.
	 * @throws {AppError} 400 if the user doesn't
	 */
	update(auth: Auth, sharedById: string, inTimeline: boolean): Promise<Partner> {
		return changePartners(this.#deps.store, auth, async (repositories) => {
			await requireAccess(repositories, { auth, permission: 'partner.update', ids: [sharedById] });
			const { publicUsers, partners, audit } = repositories;
			const [user] = await publicUsers.list([sharedById]);
			if (!user) throw partnerNotFound();
			if (await partners.setInTimeline(sharedById, auth.user.id, inTimeline)) {
				const changes = { inTimeline: { from: !inTimeline, to: inTimeline } };
				await audit.record(buildAuditEntry(auth, { action: 'partner.update', subject: user, changes }));
			}
			return toPartnerDto({ user, inTimeline });
		});
	}

	/**
	 * Stops sharing the caller's library with a user, or withdraws the request.
	 * @throws {AppError} 400 if there is neither
	 */
	async remove(auth: Auth, sharedWithId: string): Promise<void> {
		await changePartners(this.#deps.store, auth, async (repositories) => {
			const { partners, partnerRequests } = repositories;
			const isRemoved = await partners.remove(auth.user.id, sharedWithId);
			if (!isRemoved && !(await partnerRequests.withdraw(auth.user.id, sharedWithId))) throw partnerNotFound();
			await recordChangeById(repositories, auth, isRemoved ? 'partner.remove' : 'partner.withdraw', sharedWithId);
		});
	}

	/**
	 * Stops receiving the library of a user.
	 * @throws {AppError} 400 if the user doesn't share it with the caller
	 */
	async leave(auth: Auth, sharedById: string): Promise<void> {
		await changePartners(this.#deps.store, auth, async (repositories) => {
			if (!(await repositories.partners.remove(sharedById, auth.user.id))) throw partnerNotFound();
			await recordChangeById(repositories, auth, 'partner.leave', sharedById);
		});
	}
}

/** What anyone can see of a partner, and whether the receiver's timeline has the photos. */
export const toPartnerDto = ({ user, inTimeline }: PartnerRow): Partner => ({ ...toUserDto(user), inTimeline });

/**
 * Makes a change in a transaction that locks the caller.
 * @throws {AppError} 401 if the credential has ended
 */
export const changePartners = <Result>(
	store: PartnerStore,
	auth: Auth,
	change: (repositories: PartnerTransaction) => Promise<Result>
): Promise<Result> =>
	store.transaction(async (repositories) => {
		await repositories.users.lock(auth.user.id);
		await requireLive(repositories, auth);
		return change(repositories);
	});

export const recordChange = (
	{ audit }: Pick<PartnerTransaction, 'audit'>,
	auth: Auth,
	action: AuditAction,
	subject: Pick<PublicUser, 'id' | 'name' | 'email'>
): Promise<void> => audit.record(buildAuditEntry(auth, { action, subject }));

/** The same for a user who may be deleted. */
export async function recordChangeById(
	repositories: Pick<PartnerTransaction, 'audit' | 'users'>,
	auth: Auth,
	action: AuditAction,
	userId: string
): Promise<void> {
	const [subject] = await repositories.users.listNamed([userId]);
	if (subject) await recordChange(repositories, auth, action, subject);
}
