import type { SharedLink } from '#lib/contract/shared-links/shared-link.ts';
import type { Identity } from '#lib/server/platform/caller/caller.ts';
import type { SharedLinkTransaction } from './repositories.ts';
import { toSharedLinkDto } from './shared-link-dto.ts';
import type { SharedLinkRow } from './shared-link-rows.ts';

/** Adds to links what they show, with one query per table. */
export async function withContent(
	{ sharedLinks, assets, albums, albumUsers }: SharedLinkTransaction,
	links: readonly SharedLinkRow[],
	auth: Identity
): Promise<SharedLink[]> {
	const albumIds = [...new Set(links.flatMap(({ albumId }) => albumId ?? []))];
	const individualIds = links.filter(({ type }) => type === 'INDIVIDUAL').map(({ id }) => id);
	const [albumRows, members, shown] = await Promise.all([
		albums.list(albumIds),
		albumUsers.list(albumIds),
		sharedLinks.listShownAssets(individualIds)
	]);
	const rows = await assets.list([...new Set(shown.map(({ assetId }) => assetId))]);
	const assetById = new Map(rows.map((row) => [row.id, row]));
	const albumById = new Map(albumRows.map((row) => [row.id, row]));
	const ownerByAlbum = new Map(
		members.filter(({ role }) => role === 'owner').map((member) => [member.albumId, member])
	);
	const shownByLink = new Map(individualIds.map((id) => [id, [] as string[]]));
	for (const { linkId, assetId } of shown) shownByLink.get(linkId)?.push(assetId);
	return links.map((link) => {
		const row = albumById.get(link.albumId ?? '');
		const owner = ownerByAlbum.get(link.albumId ?? '');
		return toSharedLinkDto(
			link,
			{
				assets: (shownByLink.get(link.id) ?? []).flatMap((assetId) => assetById.get(assetId) ?? []),
				album: row && owner ? { row, owner } : null
			},
			auth
		);
	});
}

/** What names a link's target. */
interface NameRepositories {
	readonly albums: Pick<SharedLinkTransaction['albums'], 'list'>;
	readonly sharedLinks: Pick<SharedLinkTransaction['sharedLinks'], 'countAssets'>;
}

/** Names what a link shows for the audit log; never its key or slug. */
export async function nameLinkTarget(
	{ albums, sharedLinks }: NameRepositories,
	{ id, albumId }: Pick<SharedLinkRow, 'id' | 'albumId'>
): Promise<string> {
	if (albumId !== null) return (await albums.list([albumId]))[0]?.albumName ?? 'a deleted album';
	const count = await sharedLinks.countAssets(id);
	return count === 1 ? '1 photo' : `${count} photos`;
}
