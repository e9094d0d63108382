import { constants } from 'node:fs';
import { mkdir, open, rename, rm, rmdir, writeFile, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';

const folder = 'profile';

/** File types that a profile folder may contain; Immich's own may differ from ours. */
const contentTypes = {
	'.webp': 'image/webp',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.png': 'image/png',
	'.gif': 'image/gif',
	'.avif': 'image/avif'
} as const;
const isServed = (ending: string): ending is keyof typeof contentTypes => Object.hasOwn(contentTypes, ending);

const writeAttempts = 5;
const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

export interface StoredImage {
	readonly content: ReadableStream<Uint8Array>;
	readonly sizeBytes: number;
	readonly contentType: (typeof contentTypes)[keyof typeof contentTypes];
}

/** Stores profile images in the data folder, in a folder per user, as Immich does. */
export class ProfileImageFiles {
	readonly #root: string;

	constructor(dataDir: string) {
		this.#root = path.join(dataDir, folder);
	}

	/** Writes an image atomically under a unique name, and returns its path relative to the data folder. */
	async write(userId: string, webp: Uint8Array): Promise<string> {
		const name = `${randomUUID()}.webp`;
		const ownFolder = path.join(this.#root, userId);
		const [partial, final] = [path.join(ownFolder, `.${name}`), path.join(ownFolder, name)];
		for (let attempt = 1; ; attempt++) {
			await mkdir(ownFolder, { recursive: true, mode: 0o700 });
			try {
				await writeFile(partial, webp, { flag: 'wx', mode: 0o600, flush: true });
				await rename(partial, final);
				return path.posix.join(folder, userId, name);
			} catch (error) {
				await rm(partial, { force: true });
				// Removing the last image also removes the folder, which may happen right now.
				if (!isMissing(error) || attempt === writeAttempts) throw error;
			}
		}
	}

	/** Opens a stored image; null if it doesn't exist or its type isn't served. */
	async read(userId: string, storedPath: string): Promise<StoredImage | null> {
		const ending = path.extname(storedPath).toLowerCase();
		if (!isServed(ending)) return null;
		const handle = await this.#open(userId, storedPath);
		if (!handle) return null;
		const { size: sizeBytes } = await handle.stat();
		const content = Readable.toWeb(handle.createReadStream());
		return { content: content as ReadableStream<Uint8Array>, sizeBytes, contentType: contentTypes[ending] };
	}

	/** Removes an image, and the folder if it was the last one. */
	async remove(userId: string, storedPath: string): Promise<void> {
		const ownFolder = path.join(this.#root, userId);
		await rm(path.join(ownFolder, getFileName(storedPath)), { force: true });
		// Fails if the folder isn't empty.
		await rmdir(ownFolder).catch(() => undefined);
	}

	/** Removes all images of a user. */
	async removeAll(userId: string): Promise<void> {
		await rm(path.join(this.#root, userId), { recursive: true, force: true });
	}

	async #open(userId: string, storedPath: string): Promise<FileHandle | null> {
		try {
			const file = path.join(this.#root, userId, getFileName(storedPath));
			const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
			if ((await handle.stat()).isFile()) return handle;
			await handle.close();
			return null;
		} catch {
			return null;
		}
	}
}

/** Uses only the last part of a stored path, so that no database value leads out of the user's folder. */
const getFileName = (storedPath: string): string => path.posix.basename(storedPath.replaceAll('\\', '/'));
