import type { Album } from '#lib/contract/albums/album.ts';
import { toUserDto } from '#lib/server/features/users/index.ts';
import type { SharedLinkCredential } from '#lib/server/platform/caller/caller.ts';
import type { AlbumRow } from './album.repository.ts';
import type { AlbumUserRow } from './album-user.repository.ts';

/**
 * What a member sees of an album: the owner comes first, then the member themselves.
 * Source: docs/wire-reference/albums.md#albumresponsedto.
 */
export function toAlbumDto(row: AlbumRow, users: readonly AlbumUserRow[], userId: string): Album {
	const rank = ({ role, user }: AlbumUserRow) => (role === 'owner' ? 0 : user.id === userId ? 1 : 2);
	const members = users.filter(({ albumId }) => albumId === row.id).toSorted((one, other) => rank(one) - rank(other));
	return {
		id: row.id,
		albumName: row.albumName,
		description: row.description ?? '',
		createdAt: row.createdAt.toISOString(),
		updatedAt: row.updatedAt.toISOString(),
		albumThumbnailAssetId: row.albumThumbnailAssetId,
		albumUsers: members.map(({ role, user }) => ({ role, user: toUserDto(user) })),
		shared: members.length > 1 || row.hasSharedLink,
		hasSharedLink: row.hasSharedLink,
		isActivityEnabled: row.isActivityEnabled,
		assetCount: row.assetCount,
		order: row.order === 'asc' ? 'asc' : 'desc',
		...(row.startDate && { startDate: row.startDate.toISOString() }),
		...(row.endDate && { endDate: row.endDate.toISOString() }),
		...(row.lastModifiedAssetTimestamp && {
			lastModifiedAssetTimestamp: row.lastModifiedAssetTimestamp.toISOString()
		})
	};
}

/** The midnight before a moment. */
const toDay = (moment: string): string => `${moment.slice(0, 10)}T00:00:00.000Z`;

/**
 * What the visitor of a link sees of an album: no members, and of its owner at most the name; without metadata, no time of
 * day either.
 */
export function toVisitorAlbumDto(album: Album, { showMetadata }: Pick<SharedLinkCredential, 'showMetadata'>): Album {
	const albumUsers = album.albumUsers
		.filter(({ role }) => role === 'owner')
		.map(({ role, user }) => ({
			role,
			user: { ...user, email: '', profileImagePath: '', ...(!showMetadata && { name: '' }) }
		}));
	if (showMetadata) return { ...album, albumUsers };
	const { startDate, endDate, lastModifiedAssetTimestamp: _, contributorCounts: _counts, ...rest } = album;
	return {
		...rest,
		albumUsers,
		createdAt: toDay(album.createdAt),
		updatedAt: toDay(album.updatedAt),
		...(startDate !== undefined && { startDate: toDay(startDate) }),
		...(endDate !== undefined && { endDate: toDay(endDate) })
	};
}
