import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sanitize from 'sanitize-filename';
import type { ByteRange } from '#lib/contract/operation.ts';
import { storageFull } from '#lib/server/platform/errors.ts';
import { StoredUpload } from './stored-upload.ts';
import { applyPatches, findVideoMetadata, type Patch } from './video-metadata.ts';

const uploads = 'upload';
const thumbnails = 'thumbs';
/** On the same file system as the uploads, so that a finished file is moved and not copied. */
const incoming = path.join(uploads, '.incoming');
const noteEnding = '.kept';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const isFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes(String(codeOf(error)));

/** Limits a file, and says what exceeding it means. */
export interface SizeLimit {
	readonly maxBytes: number;
	readonly tooLarge: () => Error;
}

/** Whose file it is. */
export interface FileOwner {
	readonly id: string;
	readonly storageLabel: string | null;
}

/** A stored file, to be sent whole or in part. */
export interface Opened {
	readonly content: (range: ByteRange) => ReadableStream<Uint8Array>;
	readonly sizeBytes: number;
	readonly version: string;
}

/** A file found on the disk. */
export interface FoundFile {
	/** Relative to the data folder. */
	readonly path: string;
	/** The asset that its name contains; null if it contains none. */
	readonly assetId: string | null;
	/** A part of an upload, the note that one is being kept, or a finished file. */
	readonly kind: 'part' | 'note' | 'thumbnail' | 'original';
}

/**
 * The files of assets, in the data folder. No name from a client becomes part of a path: files are named after the ID of
 * their asset, in folders named after their owner and the ID's first digits, as in Immich.
 */
export class AssetFiles {
	readonly #root: string;

	constructor(dataDir: string) {
		this.#root = path.resolve(dataDir);
	}

	/**
	 * Stores a file that is arriving in a temporary file, on the disk when this returns. Leaves nothing if it fails.
	 * @throws {AppError} 507 if the disk is full
	 * @throws {Error} the limit's, as soon as it is exceeded, and the content's
	 */
	async receive(name: string, content: Readable, { maxBytes, tooLarge }: SizeLimit): Promise<StoredUpload> {
		const folder = path.join(this.#root, incoming);
		const temporary = path.join(folder, randomUUID());
		const hash = createHash('sha1');
		let sizeBytes = 0;
		const measure = async function* (parts: AsyncIterable<Buffer>) {
			for await (const part of parts) {
				sizeBytes += part.byteLength;
				if (sizeBytes > maxBytes) throw tooLarge();
				hash.update(part);
				yield part;
			}
		};
		try {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			const file = await open(temporary, 'wx', 0o600);
			await pipeline(content, measure, file.createWriteStream({ flush: true }));
			return new StoredUpload(name, { path: temporary, sizeBytes, sha1: hash.digest() });
		} catch (error) {
			await rm(temporary, { force: true });
			throw isFull(error) ? storageFull(error) : error;
		}
	}

	/** Removes a temporary file that was not kept. */
	async discard(upload: StoredUpload): Promise<void> {
		await rm(upload.path, { force: true });
	}

	/**
	 * Notes that the files of a new asset are about to be kept. A note that is left says which files a killed process had kept
	 * for an asset that was never inserted, as opposed to originals whose rows are missing for another reason, such as an
	 * older copy of the database.
	 * @throws {AppError} 507 if the disk is full
	 */
	async note(assetId: string): Promise<void> {
		try {
			await mkdir(path.join(this.#root, incoming), { recursive: true, mode: 0o700 });
			await writeFile(this.#noteOf(assetId), '', { mode: 0o600 });
		} catch (error) {
			throw isFull(error) ? storageFull(error) : error;
		}
	}

	/** Removes the note, once the asset has been inserted or its files removed. */
	async forget(assetId: string): Promise<void> {
		await rm(this.#noteOf(assetId), { force: true });
	}

	/** Returns whether a process has been killed while it kept the files of this asset. */
	async isNoted(assetId: string): Promise<boolean> {
		return (await stat(this.#noteOf(assetId)).catch(() => null)) !== null;
	}

	#noteOf(assetId: string): string {
		return path.join(this.#root, incoming, `${assetId}${noteEnding}`);
	}

	/**
	 * Keeps an uploaded file as that of an asset, and returns its path relative to the data folder. After a crash it is
	 * there under its new name once this has returned.
	 * @param extension with the dot, one of the known ones
	 * @throws {AppError} 507 if the disk is full
	 */
	async keep(upload: StoredUpload, owner: FileOwner, assetId: string, extension: string): Promise<string> {
		const folder = path.join(uploads, toFolder(owner), ...toFolders(assetId));
		const kept = path.join(folder, `${assetId}${extension}`);
		try {
			await this.#makeFolder(path.join(this.#root, folder));
			await rename(upload.path, path.join(this.#root, kept));
			await syncFolder(path.join(this.#root, folder));
			return kept.split(path.sep).join('/');
		} catch (error) {
			throw isFull(error) ? storageFull(error) : error;
		}
	}

	/** Writes a picture made from an asset, and returns its path relative to the data folder. */
	async writeThumbnail(ownerId: string, assetId: string, name: string, bytes: Uint8Array): Promise<string> {
		const folder = path.join(thumbnails, ownerId, ...toFolders(assetId));
		const final = path.join(folder, `${assetId}_${name}`);
		const partial = path.join(this.#root, `${final}.${randomUUID()}.part`);
		await mkdir(path.join(this.#root, folder), { recursive: true, mode: 0o700 });
		try {
			const file = await open(partial, 'wx', 0o600);
			try {
				await file.writeFile(bytes);
			} finally {
				await file.close();
			}
			await rename(partial, path.join(this.#root, final));
		} catch (error) {
			await rm(partial, { force: true });
			throw error;
		}
		return final.split(path.sep).join('/');
	}

	/** Returns where a stored path leads; null if it leads out of the data folder, as a value in the database might. */
	resolve(storedPath: string): string | null {
		const resolved = path.resolve(this.#root, storedPath);
		return resolved.startsWith(this.#root + path.sep) ? resolved : null;
	}

	/** Opens a stored file for sending whole or in part; null if it doesn't exist. */
	async read(storedPath: string): Promise<Opened | null> {
		const file = this.resolve(storedPath);
		if (file === null || storedPath === '') return null;
		const found = await stat(file).catch(() => null);
		if (!found?.isFile()) return null;
		const content = ({ start, end }: ByteRange) =>
			Readable.toWeb(
				createReadStream(file, { start, end, flags: constants.O_RDONLY | constants.O_NOFOLLOW } as never)
			) as ReadableStream<Uint8Array>;
		return { content, sizeBytes: found.size, version: `${found.mtimeMs.toString(36)}-${found.size.toString(36)}` };
	}

	/**
	 * Opens a stored video for sending without its metadata; null if it doesn't exist, or isn't one whose metadata can be
	 * removed with certainty.
	 */
	async readVideoWithoutMetadata(storedPath: string): Promise<Opened | null> {
		const opened = await this.read(storedPath);
		const file = this.resolve(storedPath);
		if (!opened || file === null) return null;
		const patches = await findPatches(file, opened.sizeBytes);
		if (!patches) return null;
		const { content } = opened;
		return {
			...opened,
			version: `${opened.version}-bare`,
			content: (range) => content(range).pipeThrough(applyPatches(patches, range.start))
		};
	}

	/** Removes files; those that are gone already don't matter. */
	async remove(storedPaths: readonly string[]): Promise<void> {
		for (const stored of storedPaths) {
			const file = this.resolve(stored);
			if (file !== null && stored !== '') await rm(file, { force: true });
		}
	}

	/** Removes the folders that only this user can have. A storage label may have been another user's before. */
	async removeFolders(userId: string): Promise<void> {
		for (const folder of [uploads, thumbnails])
			await rm(path.join(this.#root, folder, userId), { recursive: true, force: true });
	}

	/** Lists the files that haven't changed since a time, and temporary ones of that age. */
	async *listOlderThan(limitMs: number): AsyncGenerator<FoundFile, undefined> {
		for (const folder of [uploads, thumbnails]) yield* this.#walk(folder, limitMs);
		return undefined;
	}

	async *#walk(folder: string, limitMs: number): AsyncGenerator<FoundFile, undefined> {
		const entries = await opendir(path.join(this.#root, folder)).catch(() => null);
		if (!entries) return undefined;
		for await (const entry of entries) {
			const inner = path.join(folder, entry.name);
			if (entry.isDirectory()) yield* this.#walk(inner, limitMs);
			if (!entry.isFile()) continue;
			const found = await stat(path.join(this.#root, inner)).catch(() => null);
			// Renaming a file changes its ctime, so one that was just kept is young whatever its mtime says.
			if (!found || Math.max(found.mtimeMs, found.ctimeMs) > limitMs) continue;
			const kind = kindOf(folder, entry.name);
			const assetId = kind === 'part' ? null : findAssetId(entry.name);
			// Any other file in a folder of uploads isn't ours.
			if (kind !== 'part' && assetId === null) continue;
			yield { path: inner.split(path.sep).join('/'), assetId, kind };
		}
		return undefined;
	}

	/** Creates a folder so that it is still there after a crash. */
	async #makeFolder(folder: string): Promise<void> {
		const created = await mkdir(folder, { recursive: true, mode: 0o700 });
		if (created === undefined) return;
		for (let inner = folder; inner.length >= created.length; inner = path.dirname(inner))
			await syncFolder(path.dirname(inner));
	}
}

async function findPatches(file: string, sizeBytes: number): Promise<Patch[] | null> {
	const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
	try {
		const readAt = async (offset: number, length: number) => {
			const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
			return buffer.subarray(0, bytesRead);
		};
		return await findVideoMetadata(readAt, sizeBytes);
	} finally {
		await handle.close();
	}
}

const toFolder = ({ id, storageLabel }: FileOwner): string => {
	const label = sanitize(storageLabel ?? '').replace(/^\.+/, '');
	return label === '' ? id : label;
};
const toFolders = (assetId: string): [string, string] => [assetId.slice(0, 2), assetId.slice(2, 4)];

function kindOf(folder: string, name: string): FoundFile['kind'] {
	if (folder === incoming) return name.endsWith(noteEnding) ? 'note' : 'part';
	if (name.endsWith('.part')) return 'part';
	return folder.startsWith(thumbnails + path.sep) ? 'thumbnail' : 'original';
}

const findAssetId = (name: string): string | null =>
	/^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})[._]/.exec(name)?.[1] ?? null;

/** Writes a folder's entries to the disk. Some systems can't, and don't need to. */
async function syncFolder(folder: string): Promise<void> {
	let handle: FileHandle | undefined;
	try {
		handle = await open(folder, 'r');
		await handle.sync();
	} catch (error) {
		if (isFull(error)) throw error;
	} finally {
		await handle?.close();
	}
}
