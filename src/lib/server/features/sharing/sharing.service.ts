import { sharingLimit, type Sharing, type SharingLink, type SharingUser } from '#lib/contract/sharing/sharing.ts';
import { requireLiveAdmin } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { nameLinkTarget, sharedLinkNotFound, toSharedLinkSummary } from '#lib/server/features/shared-links/index.ts';
import type { SharedLinkSummaryRow } from '#lib/server/features/shared-links/index.ts';
import { getUserColor, type PublicUser, type UserRow } from '#lib/server/features/users/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { requireUser } from '#lib/server/platform/errors.ts';
import { notAMember, notAPartner, ownerStays } from './errors.ts';
import type { SharingStore, SharingTransaction } from './repositories.ts';

/** How many members of an album are listed. */
const membersPerAlbum = 50;

const toSharingUser = (user: PublicUser): SharingUser => ({
	id: user.id,
	name: user.name,
	email: user.email,
	avatarColor: getUserColor(user)
});

/** Without the link’s key, slug and description. */
function toSharingLink(row: SharedLinkSummaryRow): SharingLink {
	const {
		key: _key,
		slug: _slug,
		description: _description,
		thumbnailAssetId: _thumbnail,
		...link
	} = toSharedLinkSummary(row);
	return { ...link, hasPassword: row.hasPassword };
}

/** Who can see what of a user: for the user, and for admins, who can end it. Admins see no photos. */
export class SharingService {
	readonly #store: SharingStore;

	constructor(store: SharingStore) {
		this.#store = store;
	}

	/** Lists what the caller shares and what is shared with them. */
	getOwn(auth: Auth): Promise<Sharing> {
		return this.#list(auth.user.id);
	}

	/**
	 * Lists what a user shares and what is shared with them.
	 * @throws {AppError} 400 if there is no such user
	 */
	async get(userId: string): Promise<Sharing> {
		await this.getUser(userId);
		return this.#list(userId);
	}

	/**
	 * Returns a user, also a deleted one.
	 * @throws {AppError} 400 if there is no such user
	 */
	async getUser(userId: string): Promise<UserRow> {
		return requireUser(await this.#store.users.find(userId, { isDeletedShown: true }));
	}

	/**
	 * Removes a user from an album.
	 * @throws {AppError} 400 if the user isn't a member, or owns it
	 */
	async removeMember(auth: Auth, userId: string, albumId: string): Promise<void> {
		await this.#end(auth, userId, async ({ sharing, albums, audit }, subject) => {
			await albums.lock([albumId]);
			const membership = await sharing.lockMembership(albumId, userId);
			if (!membership) throw notAMember();
			if (membership.role === 'owner') throw ownerStays();
			// The admin may be a member too: apps don't know what was done in the console.
			await albums.announce([albumId], null);
			await sharing.removeMember(albumId, userId);
			const object = { kind: 'sharing', id: albumId, label: membership.albumName } as const;
			await audit.record(buildAuditEntry(auth, { action: 'sharing.removeMember', subject, object }));
		});
	}

	/**
	 * Ends the sharing of a user's library with a partner.
	 * @throws {AppError} 400 if they are no partners
	 */
	async endPartnership(auth: Auth, userId: string, partnerId: string): Promise<void> {
		await this.#end(auth, userId, async ({ sharing, users, audit }, subject) => {
			if (!(await sharing.endPartnership(userId, partnerId))) throw notAPartner();
			const partner = await users.find(partnerId, { isDeletedShown: true });
			const object = { kind: 'sharing', id: partnerId, label: partner?.name ?? '' } as const;
			await audit.record(buildAuditEntry(auth, { action: 'sharing.endPartner', subject, object }));
		});
	}

	/**
	 * Ends a user's shared link now.
	 * @throws {AppError} 400 if the user has no such link
	 */
	async expireLink(auth: Auth, userId: string, linkId: string): Promise<void> {
		await this.#end(auth, userId, async (repositories, subject) => {
			const { sharedLinks, audit } = repositories;
			const link = await sharedLinks.lock(userId, linkId);
			if (!link) throw sharedLinkNotFound();
			const expiresAt = new Date();
			await sharedLinks.update(linkId, { expiresAt });
			const object = { kind: 'sharedLink', id: linkId, label: await nameLinkTarget(repositories, link) } as const;
			const changes = { expiresAt: { from: link.expiresAt?.toISOString() ?? null, to: expiresAt.toISOString() } };
			await audit.record(buildAuditEntry(auth, { action: 'sharedLink.update', subject, object, changes }));
		});
	}

	/** Ends something of a user's, if the caller is still an admin. */
	async #end(
		auth: Auth,
		userId: string,
		change: (repositories: SharingTransaction, subject: UserRow) => Promise<void>
	): Promise<void> {
		await this.#store.transaction(async (repositories) => {
			await repositories.users.lock(userId);
			await requireLiveAdmin(repositories, auth);
			await change(repositories, requireUser(await repositories.users.find(userId, { isDeletedShown: true })));
		});
	}

	async #list(userId: string): Promise<Sharing> {
		const { sharing, sharedLinks } = this.#store;
		const [albums, albumCount, sharedWith, sharedBy, links, linkCount] = await Promise.all([
			sharing.listAlbums(userId, sharingLimit),
			sharing.countAlbums(userId),
			sharing.listPartners(userId, 'sharedWith', sharingLimit),
			sharing.listPartners(userId, 'sharedBy', sharingLimit),
			sharedLinks.listSummaries({ userId, limit: sharingLimit }),
			sharedLinks.count(userId)
		]);
		const members = await sharing.listMembers(
			albums.map(({ id }) => id),
			membersPerAlbum
		);
		return {
			albums: albums.map((album) => ({
				...album,
				members: members
					.filter(({ albumId }) => albumId === album.id)
					.map(({ role, user }) => ({ role, user: toSharingUser(user) }))
			})),
			albumCount,
			sharedWith: sharedWith.map(toSharingUser),
			sharedBy: sharedBy.map(toSharingUser),
			links: links.map(toSharingLink),
			linkCount
		};
	}
}
