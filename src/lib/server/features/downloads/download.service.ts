import {
	maxArchiveAssets,
	type DownloadArchiveDto,
	type DownloadInfo,
	type DownloadInfoDto
} from '#lib/contract/downloads/download.ts';
import type { SentFile } from '#lib/contract/operation.ts';
import { noAccess, requireAccess } from '#lib/server/features/access/index.ts';
import { isElevated, type Auth } from '#lib/server/platform/caller/caller.ts';
import type { DownloadItem } from './download.repository.ts';
import { fileUnavailable, nothingToDownload, tooMuchToDownload } from './errors.ts';
import { toSafeName, UniqueNames } from './file-names.ts';
import type { DownloadStore } from './repositories.ts';
import { measure, predictZipBytes, resolveStored, streamZip } from './zip.ts';

interface Dependencies {
	readonly store: DownloadStore;
	readonly dataDir: string;
}

/** Authenticates the caller again; null if the credential has ended. */
export type Reauthenticate = () => Promise<Auth | null>;

/** How much of a user's library one plan lists. */
const maxPlanned = 100_000;
/** How much of a link or album one archive takes without a plan: a zip file without 64-bit fields has 65,535 files. */
const maxWhole = 50_000;
const defaultArchiveBytes = 4 * 1024 ** 3;
/** After so many files, access is checked again. */
const filesPerCheck = 50;

/** Downloads of several photos and videos as zip files. */
export class DownloadService {
	readonly #store: DownloadStore;
	readonly #dataDir: string;

	constructor({ store, dataDir }: Dependencies) {
		this.#store = store;
		this.#dataDir = dataDir;
	}

	/**
	 * Plans a download: splits it into archives of a given size.
	 * @throws {AppError} 400 if the caller may not download all of it, or it is too much
	 */
	async plan(auth: Auth, dto: DownloadInfoDto): Promise<DownloadInfo> {
		const items = await this.#listItems(auth, dto);
		if (items.length > maxPlanned) throw tooMuchToDownload(maxPlanned);
		return split(items, dto.archiveSize ?? defaultArchiveBytes);
	}

	/**
	 * Returns an archive of these assets.
	 * @throws {AppError} 400 if the caller may not download all of them, 500 if a file is missing
	 */
	async archive(
		auth: Auth,
		{ assetIds, archiveName }: DownloadArchiveDto,
		reauthenticate: Reauthenticate
	): Promise<SentFile> {
		const ids = [...new Set(assetIds.map((id) => id.toLowerCase()))];
		await requireAccess(this.#store, { auth, permission: 'asset.download', ids });
		return this.#zip(ids, archiveName ?? 'immich', reauthenticate);
	}

	/**
	 * Returns an archive of an album, or of all that the calling link shows.
	 * @throws {AppError} 400 if the caller may not download it, or it is too much; 500 if a file is missing
	 */
	async archiveAll(auth: Auth, albumId: string | undefined, reauthenticate: Reauthenticate): Promise<SentFile> {
		const { credential } = auth;
		const link = credential.kind === 'sharedLink' ? credential : null;
		const wanted = albumId ?? link?.albumId ?? undefined;
		if (wanted === undefined && !link) throw nothingToDownload();
		if (wanted === undefined && !link?.allowDownload) throw noAccess('asset.download');
		const [items, name] =
			wanted === undefined
				? [await this.#listShown(link?.linkId ?? ''), 'Photos']
				: [
						await this.#listItems(auth, { albumId: wanted }),
						(await this.#store.downloads.findAlbumName(wanted)) ?? 'Album'
					];
		if (items.length > maxWhole) throw tooMuchToDownload(maxWhole);
		return this.#zip(
			items.map(({ id }) => id),
			name,
			reauthenticate
		);
	}

	async #listShown(linkId: string): Promise<DownloadItem[]> {
		const ids = await this.#store.sharedLinks.listShown(linkId, maxWhole + 1);
		return this.#store.downloads.listAssets(ids, maxWhole + 1);
	}

	async #listItems(auth: Auth, { assetIds, albumId, userId }: DownloadInfoDto): Promise<DownloadItem[]> {
		const { downloads } = this.#store;
		if (assetIds) {
			await requireAccess(this.#store, { auth, permission: 'asset.download', ids: assetIds });
			return downloads.listAssets(assetIds, maxPlanned + 1);
		}
		if (albumId !== undefined) {
			await requireAccess(this.#store, { auth, permission: 'album.download', ids: [albumId] });
			return downloads.listAlbum(albumId, maxPlanned + 1);
		}
		if (userId === undefined) throw nothingToDownload();
		await requireAccess(this.#store, { auth, permission: 'timeline.download', ids: [userId] });
		return downloads.listUser(userId, maxPlanned + 1, { withLocked: isElevated(auth) });
	}

	async #zip(ids: readonly string[], name: string, reauthenticate: Reauthenticate): Promise<SentFile> {
		const byId = new Map((await this.#store.downloads.listFiles(ids)).map((file) => [file.id, file]));
		const names = new UniqueNames();
		const entries = await measure(
			ids.map((id) => {
				const file = byId.get(id);
				if (!file) throw fileUnavailable(id);
				return {
					assetId: id,
					name: names.add(toSafeName(file.originalFileName, id)),
					path: resolveStored(this.#dataDir, id, file.originalPath),
					lastModified: file.fileModifiedAt
				};
			})
		);
		const recheck = async (index: number) => {
			if (index % filesPerCheck !== 0) return;
			const auth = await reauthenticate();
			const next = ids.slice(index, index + filesPerCheck);
			if (!auth) throw noAccess('asset.download');
			await requireAccess(this.#store, { auth, permission: 'asset.download', ids: next });
		};
		return {
			type: 'application/zip',
			name: toSafeName(`${name}.zip`, 'photos.zip'),
			sizeBytes: predictZipBytes(entries),
			parts: streamZip(entries, recheck)
		};
	}
}

/** Splits files into archives, none larger than this unless a single file is. */
function split(items: readonly DownloadItem[], archiveBytes: number): DownloadInfo {
	const archives: { size: number; assetIds: string[] }[] = [];
	let totalSize = 0;
	for (const { id, sizeBytes } of items) {
		const last = archives.at(-1);
		const isFull =
			!last || last.assetIds.length >= maxArchiveAssets || (last.size > 0 && last.size + sizeBytes > archiveBytes);
		const archive = isFull ? { size: 0, assetIds: [] as string[] } : last;
		if (isFull) archives.push(archive);
		archive.size += sizeBytes;
		archive.assetIds.push(id);
		totalSize += sizeBytes;
	}
	return { totalSize, archives };
}
