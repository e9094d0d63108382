import type { AuditAction } from '#lib/contract/audit/audit.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { notices } from '#lib/server/features/notifications/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { AlbumAssetRow } from './album-asset.repository.ts';
import type { AlbumTransaction } from './repositories.ts';

type AddRepositories = Pick<AlbumTransaction, 'albums' | 'albumUsers' | 'albumAssets' | 'audit' | 'notifications'>;

export const toPhotosEntry = (auth: Auth, action: AuditAction, id: string, count: number) =>
	buildAuditEntry(auth, { action, object: { kind: 'album', id }, changes: { photos: { from: null, to: count } } });

/**
 * Adds assets that the caller may share to albums that the caller may add to, and tells the other members. The visitor of a
 * link is no member, so everyone is told. Returns what wasn't there before.
 */
export async function addAssets(
	{ albums, albumUsers, albumAssets, audit, notifications }: AddRepositories,
	auth: Auth,
	albumIds: readonly string[],
	assetIds: readonly string[],
	{ isRecorded = true }: { readonly isRecorded?: boolean } = {}
): Promise<AlbumAssetRow[]> {
	const rows = await albumAssets.add(albumIds, assetIds);
	const counts = new Map<string, number>();
	for (const { albumId } of rows) counts.set(albumId, (counts.get(albumId) ?? 0) + 1);
	if (counts.size === 0) return rows;
	const changed = [...counts.keys()];
	const isVisitor = auth.credential.kind === 'sharedLink';
	const actorId = isVisitor ? null : auth.user.id;
	await albums.touch(changed, assetIds);
	await albums.announce(changed, actorId);
	const others = (await albumUsers.list(changed)).filter(({ user }) => user.id !== actorId);
	const toNotice = isVisitor ? notices.albumUpload : notices.albumUpdate;
	await notifications.createEach(
		others.map(({ albumId, user }) => ({ userId: user.id, notification: toNotice(albumId) }))
	);
	if (isRecorded)
		await audit.recordAll([...counts].map(([id, count]) => toPhotosEntry(auth, 'album.addAssets', id, count)));
	return rows;
}
