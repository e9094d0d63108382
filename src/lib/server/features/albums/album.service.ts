import type { z } from 'zod';
import type { Album } from '#lib/contract/albums/album.ts';
import type { AlbumPageQuery } from '#lib/contract/albums/album-page.ts';
import type { AlbumQuery, CreateAlbumDto, UpdateAlbumDto } from '#lib/contract/albums/album-operations.ts';
import type { RecordedChanges } from '#lib/contract/audit/audit.ts';
import { mergePreferences } from '#lib/contract/users/preferences.ts';
import { checkAccess, noAccess, requireAccess } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toVisitorAlbumDto } from './album-dto.ts';
import type { AlbumChanges, AlbumCounts, StoredAlbum } from './album.repository.ts';
import { changeAlbum, changeAlbums } from './change-albums.ts';
import { invalidCover } from './errors.ts';
import { inviteMembers } from './invite-members.ts';
import { getAlbum, listAlbums } from './read-albums.ts';
import type { AlbumStore } from './repositories.ts';

/** How many albums a page shows. */
const pageSize = 60;
/** How many albums there are to choose from. */
const mostManaged = 200;

/** Albums themselves: what they are called and look like. */
export class AlbumService {
	readonly #store: AlbumStore;

	constructor(store: AlbumStore) {
		this.#store = store;
	}

	/** Lists the caller's albums, own and shared, newest first. */
	async list(auth: Auth, { assetId, ...filter }: AlbumQuery): Promise<Album[]> {
		const { albums } = this.#store;
		const ids = await albums.listIds(auth.user.id, assetId === undefined ? filter : { assetId });
		return listAlbums(this.#store, auth, ids);
	}

	/** Lists a page of the caller's albums, newest first. */
	async page(
		auth: Auth,
		{ show, page }: AlbumPageQuery
	): Promise<{ readonly albums: Album[]; readonly total: number; readonly size: number }> {
		const ids = await this.#store.albums.listIds(auth.user.id, show === 'all' ? {} : { isOwned: show === 'own' });
		const shown = ids.slice((page - 1) * pageSize, page * pageSize);
		return { albums: await listAlbums(this.#store, auth, shown), total: ids.length, size: pageSize };
	}

	/** Lists 200 of the albums that the caller may add photos to and share, by name. */
	listManaged(auth: Auth): Promise<{ id: string; albumName: string }[]> {
		return this.#store.albums.listManaged(auth.user.id, mostManaged);
	}

	/** Counts the caller's albums. */
	count(auth: Auth): Promise<AlbumCounts> {
		return this.#store.albums.count(auth.user.id);
	}

	/**
	 * Returns an album, with how many photos each owner has in it if it is shared. The visitor of a link sees no members.
	 * @throws {AppError} 400 without access
	 */
	async get(auth: Auth, id: string): Promise<Album> {
		await requireAccess(this.#store, { auth, permission: 'album.read', ids: [id] });
		const album = await getAlbum(this.#store, auth, id);
		if (auth.credential.kind === 'sharedLink') return toVisitorAlbumDto(album, auth.credential);
		if (!album.shared) return album;
		return { ...album, contributorCounts: await this.#store.albumAssets.countByOwner(id) };
	}

	/**
	 * Creates an album, with photos and members. Photos that the caller can't share are left out.
	 * @throws {AppError} 400 for an unknown user or a second owner
	 */
	create(auth: Auth, dto: z.output<typeof CreateAlbumDto>): Promise<Album> {
		const { albumName, description = null, assetIds = [], albumUsers = [] } = dto;
		return changeAlbums(this.#store, auth, [], async (repositories) => {
			const { albums, albumAssets, metadata, audit } = repositories;
			const preferences = mergePreferences(await metadata.getForUser(auth.user.id, 'preferences'));
			const order = preferences.albums.defaultAssetOrder;
			const id = await albums.create({ albumName, description: description || null, order });
			await repositories.albumUsers.add(id, [{ userId: auth.user.id, role: 'owner' }]);
			await audit.record(buildAuditEntry(auth, { action: 'album.create', object: { kind: 'album', id } }));
			const invited = albumUsers.filter(({ userId }) => userId !== auth.user.id);
			if (invited.length > 0) await inviteMembers(repositories, auth, id, invited);
			const sharable = await checkAccess(repositories, { auth, permission: 'asset.share', ids: assetIds });
			const added = [...new Set(assetIds)].filter((assetId) => sharable.has(assetId));
			await albumAssets.add([id], added);
			if (added.length > 0) await albums.touch([id], added);
			return getAlbum(repositories, auth, id);
		});
	}

	/**
	 * Updates the given fields; writes nothing if they are what they were.
	 * @throws {AppError} 400 without access, or for a cover that isn't in the album
	 */
	update(auth: Auth, id: string, dto: z.output<typeof UpdateAlbumDto>): Promise<Album> {
		return changeAlbum(this.#store, { auth, permission: 'album.update', id }, async (repositories) => {
			const { albums, albumAssets, audit } = repositories;
			const before = await albums.find(id);
			if (!before) throw noAccess('album.update');
			const changes = findChanges(before, dto);
			const cover = changes.albumThumbnailAssetId;
			if (cover !== undefined && !(await albumAssets.isShown(id, cover))) throw invalidCover();
			if (Object.keys(changes).length > 0) {
				await albums.update(id, changes);
				const object = { kind: 'album', id } as const;
				const recorded = toRecordedChanges(before, changes);
				await audit.record(buildAuditEntry(auth, { action: 'album.update', object, changes: recorded }));
				await albums.announce([id], auth.user.id);
			}
			return getAlbum(repositories, auth, id);
		});
	}

	/**
	 * Deletes an album; its photos stay.
	 * @throws {AppError} 400 unless the caller owns it
	 */
	async delete(auth: Auth, id: string): Promise<void> {
		await changeAlbum(this.#store, { auth, permission: 'album.delete', id }, async (repositories) => {
			await repositories.albums.announce([id], auth.user.id);
			await repositories.albums.delete(id);
			await repositories.audit.record(buildAuditEntry(auth, { action: 'album.delete', object: { kind: 'album', id } }));
		});
	}
}

/** Leaves out what isn't given, and what is the same as before. */
function findChanges(before: StoredAlbum, dto: z.output<typeof UpdateAlbumDto>): AlbumChanges {
	const { albumName, description: sent, albumThumbnailAssetId: cover, isActivityEnabled, order } = dto;
	const description = sent === '' ? null : sent;
	return {
		...(albumName !== undefined && albumName !== before.albumName && { albumName }),
		...(description !== undefined && description !== (before.description || null) && { description }),
		...(cover !== undefined && cover !== before.albumThumbnailAssetId && { albumThumbnailAssetId: cover }),
		...(isActivityEnabled !== undefined && isActivityEnabled !== before.isActivityEnabled && { isActivityEnabled }),
		...(order !== undefined && order !== before.order && { order })
	};
}

/** Name, description and cover are content, which admins must not see in the log. */
const toRecordedChanges = (before: StoredAlbum, { isActivityEnabled, order }: AlbumChanges): RecordedChanges => ({
	...(isActivityEnabled !== undefined && {
		isActivityEnabled: { from: before.isActivityEnabled, to: isActivityEnabled }
	}),
	...(order !== undefined && { order: { from: before.order, to: order } })
});
