import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { NewMember } from './album-user.repository.ts';
import { anotherOwner, invalidUser } from './errors.ts';
import type { AlbumTransaction } from './repositories.ts';

/**
 * Adds users to an album and notifies them. Those who are members already keep their role; the first role counts for a user
 * who is named twice. Returns the IDs of the new members.
 * @throws {AppError} 400 for an unknown or deleted user, or a second owner; then no one is added
 */
export async function inviteMembers(
	{ albumUsers, publicUsers, audit, notifications }: AlbumTransaction,
	auth: Auth,
	albumId: string,
	invited: readonly NewMember[]
): Promise<string[]> {
	if (invited.some(({ role }) => role === 'owner')) throw anotherOwner();
	const byId = new Map(invited.toReversed().map((member) => [member.userId, member]));
	const known = await publicUsers.list([...byId.keys()]);
	if (known.length < byId.size) throw invalidUser();
	const added = await albumUsers.add(albumId, [...byId.values()]);
	const events = known
		.filter(({ id }) => added.includes(id))
		.map((subject) => {
			const changes = { role: { from: null, to: byId.get(subject.id)?.role ?? null } };
			return buildAuditEntry(auth, { action: 'album.share', subject, object: { kind: 'album', id: albumId }, changes });
		});
	await audit.recordAll(events);
	const notification = notices.albumInvite(albumId);
	await notifications.createEach(added.map((userId) => ({ userId, notification })));
	return added;
}
