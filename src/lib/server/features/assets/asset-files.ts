import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sanitize from 'sanitize-filename';
import type { BinaryReply, ByteRange } from '#lib/contract/operation.ts';
import { storageFull } from '#lib/server/platform/errors.ts';
import { StoredUpload } from './stored-upload.ts';

const uploads = 'upload';
const thumbnails = 'thumbs';
/** On the same file system as the uploads, so that a finished file is moved and not copied. */
const incoming = path.join(uploads, '.incoming');

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

/** A file found on the disk. */
export interface FoundFile {
	/** Relative to the data folder. */
	readonly path: string;
	/** The asset that its name contains; null if it contains none. */
	readonly assetId: string | null;
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
	async read(storedPath: string): Promise<Pick<BinaryReply, 'content' | 'sizeBytes' | 'version'> | null> {
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

	/** Removes files; those that are gone already don't matter. */
	async remove(storedPaths: readonly string[]): Promise<void> {
		for (const stored of storedPaths) {
			const file = this.resolve(stored);
			if (file !== null && stored !== '') await rm(file, { force: true });
		}
	}

	/** Removes everything of a user. */
	async removeAll(owner: FileOwner): Promise<void> {
		const folders = new Set([
			path.join(uploads, toFolder(owner)),
			path.join(uploads, owner.id),
			path.join(thumbnails, owner.id)
		]);
		for (const folder of folders) await rm(path.join(this.#root, folder), { recursive: true, force: true });
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
			const isPartial = folder === incoming || entry.name.endsWith('.part');
			yield { path: inner.split(path.sep).join('/'), assetId: isPartial ? null : findAssetId(entry.name) };
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

const toFolder = ({ id, storageLabel }: FileOwner): string => {
	const label = sanitize(storageLabel ?? '').replace(/^\.+/, '');
	return label === '' ? id : label;
};
const toFolders = (assetId: string): [string, string] => [assetId.slice(0, 2), assetId.slice(2, 4)];

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
