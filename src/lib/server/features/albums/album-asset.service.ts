import type { z } from 'zod';
import type { AlbumPhoto } from '#lib/contract/albums/album-page.ts';
import type {
	AlbumsAddAssetsDto,
	AlbumsAddAssetsResponseDto,
	BulkResult,
	MapMarker
} from '#lib/contract/albums/album-operations.ts';
import { checkAccess, noAccess, requireAccess } from '#lib/server/features/access/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { addAssets, toPhotosEntry } from './add-assets.ts';
import { changeAlbum, changeAlbums } from './change-albums.ts';
import type { AlbumPhotoRow } from './album-asset.repository.ts';
import { notAdded, notRemovable } from './errors.ts';
import type { AlbumStore } from './repositories.ts';

/** How many photos a page shows. */
const pageSize = 105;

type Failure = NonNullable<BulkResult['error']>;

/** The photos of albums. */
export class AlbumAssetService {
	readonly #store: AlbumStore;

	constructor(store: AlbumStore) {
		this.#store = store;
	}

	/**
	 * Adds photos that the caller may share to an album, and reports about each.
	 * @throws {AppError} 400 if the caller can't add to the album
	 */
	add(auth: Auth, id: string, ids: readonly string[]): Promise<BulkResult[]> {
		return changeAlbum(this.#store, { auth, permission: 'albumAsset.create', id }, async (repositories) => {
			const { albumAssets } = repositories;
			const sharable = await checkAccess(repositories, { auth, permission: 'asset.share', ids });
			const present = await albumAssets.listKnown(id, ids, auth.user.id);
			const rows = await addAssets(repositories, auth, [id], inOrder(ids, sharable));
			const added = new Set(rows.map(({ assetId }) => assetId));
			return report(ids, added, (assetId) =>
				sharable.has(assetId) || present.has(assetId) ? 'duplicate' : 'no_permission'
			);
		});
	}

	/**
	 * Adds photos, for a form. Those that are there already need nothing.
	 * @throws {AppError} 400 if the caller can't add to the album, or none of the photos
	 */
	async addChosen(auth: Auth, id: string, ids: readonly string[]): Promise<void> {
		const results = await this.add(auth, id, ids);
		if (results.every(({ success, error }) => !success && error !== 'duplicate')) throw notAdded();
	}

	/** Adds photos to several albums. What the caller may not use is left out, and one result covers everything. */
	addToAlbums(
		auth: Auth,
		{ albumIds, assetIds }: z.output<typeof AlbumsAddAssetsDto>
	): Promise<z.input<typeof AlbumsAddAssetsResponseDto>> {
		return changeAlbums(this.#store, auth, albumIds, async (repositories) => {
			const albums = await checkAccess(repositories, { auth, permission: 'albumAsset.create', ids: albumIds });
			const assets = await checkAccess(repositories, { auth, permission: 'asset.share', ids: assetIds });
			if (albums.size === 0 || assets.size === 0) return { success: false, error: 'no_permission' };
			const rows = await addAssets(repositories, auth, [...albums], inOrder(assetIds, assets));
			return rows.length > 0 ? { success: true } : { success: false, error: 'duplicate' };
		});
	}

	/**
	 * Removes photos from an album and reports about each. Editors remove only those that they may share themselves.
	 * @throws {AppError} 400 if the caller can't remove from the album
	 */
	remove(auth: Auth, id: string, ids: readonly string[]): Promise<BulkResult[]> {
		return changeAlbum(this.#store, { auth, permission: 'albumAsset.delete', id }, async (repositories) => {
			const { albums, albumAssets, audit } = repositories;
			const present = await albumAssets.listKnown(id, ids, auth.user.id);
			const isOwner = (await checkAccess(repositories, { auth, permission: 'album.delete', ids: [id] })).size > 0;
			const removable = isOwner ? present : await checkAccess(repositories, { auth, permission: 'asset.share', ids });
			const removed = new Set(inOrder(ids, removable).filter((assetId) => present.has(assetId)));
			if (removed.size > 0) {
				await albumAssets.remove(id, [...removed]);
				await albums.touch([id], []);
				await albums.announce([id], auth.user.id);
				await audit.record(toPhotosEntry(auth, 'album.removeAssets', id, removed.size));
			}
			return report(ids, removed, (assetId) =>
				present.has(assetId) && !removed.has(assetId) ? 'no_permission' : 'not_found'
			);
		});
	}

	/**
	 * Removes photos, for a form.
	 * @throws {AppError} 400 if the caller can remove none of them
	 */
	async removeChosen(auth: Auth, id: string, ids: readonly string[]): Promise<void> {
		const results = await this.remove(auth, id, ids);
		if (results.every(({ success }) => !success)) throw notRemovable();
	}

	/**
	 * Lists a page of the photos of an album, in its order.
	 * @throws {AppError} 400 without access
	 */
	async page(auth: Auth, id: string, page: number): Promise<{ readonly photos: AlbumPhoto[]; readonly size: number }> {
		await requireAccess(this.#store, { auth, permission: 'album.read', ids: [id] });
		const rows = await this.#store.albumAssets.listShown(id, { offset: (page - 1) * pageSize, limit: pageSize });
		return { photos: rows.map(toPhoto), size: pageSize };
	}

	/**
	 * Finds a photo of an album, with the IDs of those before and after it.
	 * @throws {AppError} 400 without access, or if members don't see it
	 */
	async find(
		auth: Auth,
		id: string,
		assetId: string
	): Promise<AlbumPhoto & { readonly previous: string | null; readonly next: string | null }> {
		await requireAccess(this.#store, { auth, permission: 'album.read', ids: [id] });
		const row = await this.#store.albumAssets.findShown(id, assetId);
		if (!row) throw noAccess('asset.read');
		return { ...toPhoto(row), previous: row.previous, next: row.next };
	}

	/**
	 * Lists where the photos of an album were taken; nothing for a link that hides metadata.
	 * @throws {AppError} 400 without access
	 */
	async listMarkers(auth: Auth, id: string): Promise<MapMarker[]> {
		await requireAccess(this.#store, { auth, permission: 'album.read', ids: [id] });
		if (auth.credential.kind === 'sharedLink' && !auth.credential.showMetadata) return [];
		return this.#store.albumAssets.listMarkers(id);
	}
}

const toPhoto = ({ id, name, type, ownerId, takenAt }: AlbumPhotoRow): AlbumPhoto => ({
	id,
	name,
	type,
	ownerId,
	takenAt: takenAt.toISOString()
});

/** The IDs among `kept`, each once, in the order of the request. */
const inOrder = (ids: readonly string[], kept: ReadonlySet<string>): string[] =>
	[...new Set(ids)].filter((id) => kept.has(id));

/** Reports about each ID of a request; one that is repeated fails the second time. */
function report(ids: readonly string[], done: ReadonlySet<string>, getError: (id: string) => Failure): BulkResult[] {
	const waiting = new Set(done);
	return ids.map((id) => (waiting.delete(id) ? { id, success: true } : { id, success: false, error: getError(id) }));
}
