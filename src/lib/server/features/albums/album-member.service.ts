import type { Album, AlbumRole } from '#lib/contract/albums/album.ts';
import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { NewMember } from './album-user.repository.ts';
import { changeAlbum } from './change-albums.ts';
import { anotherOwner, lastOwner, notAMember, userIsOwner } from './errors.ts';
import { inviteMembers } from './invite-members.ts';
import { getAlbum } from './read-albums.ts';
import type { AlbumStore } from './repositories.ts';

/** The members of albums, and what they may do. Source: docs/wire-reference/albums.md#album-members. */
export class AlbumMemberService {
	readonly #store: AlbumStore;

	constructor(store: AlbumStore) {
		this.#store = store;
	}

	/**
	 * Shares an album with users; those who are members already keep their role.
	 * @throws {AppError} 400 without access, for an unknown user, or a second owner
	 */
	add(auth: Auth, id: string, members: readonly NewMember[]): Promise<Album> {
		return changeAlbum(this.#store, { auth, permission: 'album.share', id }, async (repositories) => {
			const added = await inviteMembers(repositories, auth, id, members);
			if (added.length > 0) await repositories.albums.announce([id], auth.user.id);
			return getAlbum(repositories, auth, id);
		});
	}

	/**
	 * Changes a member's role; does nothing for a user who isn't a member.
	 * @throws {AppError} 400 without access, for the owner, or for a second owner
	 */
	async setRole(auth: Auth, id: string, userId: string, role: AlbumRole): Promise<void> {
		await changeAlbum(this.#store, { auth, permission: 'album.share', id }, async (repositories) => {
			const { albums, albumUsers, audit } = repositories;
			const member = await albumUsers.find(id, userId);
			if (member?.role === 'owner') throw userIsOwner();
			if (role === 'owner') throw anotherOwner();
			if (!member || member.role === role) return;
			await albumUsers.setRole(id, userId, role);
			await albums.announce([id], auth.user.id);
			const object = { kind: 'album', id } as const;
			const changes = { role: { from: member.role, to: role } };
			await audit.record(buildAuditEntry(auth, { action: 'album.role', subject: member.user, object, changes }));
		});
	}

	/**
	 * Removes a member; the caller leaves as `me` or by their own ID.
	 * @throws {AppError} 400 without access, for the owner, and for a user who isn't a member
	 */
	async remove(auth: Auth, id: string, userIdOrMe: string): Promise<void> {
		const userId = userIdOrMe === 'me' ? auth.user.id : userIdOrMe;
		const isLeaving = userId === auth.user.id;
		const permission = isLeaving ? 'album.read' : 'album.share';
		const action: AuditAction = isLeaving ? 'album.leave' : 'album.unshare';
		await changeAlbum(this.#store, { auth, permission, id }, async (repositories) => {
			const { albums, albumUsers, audit } = repositories;
			const member = await albumUsers.find(id, userId);
			if (!member) throw notAMember();
			if (member.role === 'owner') throw lastOwner();
			await albums.announce([id], auth.user.id);
			await albumUsers.remove(id, userId);
			const changes = { role: { from: member.role, to: null } };
			const object = { kind: 'album', id } as const;
			await audit.record(buildAuditEntry(auth, { action, subject: member.user, object, changes }));
		});
	}
}
