import { constants } from 'node:fs';
import { mkdir, open, rename, rm, rmdir, writeFile, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';

const folder = 'profile';

/** Kinds of files that a profile folder may hold; Immich's own may be other than ours. */
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

/** Keeps pictures of persons below the data folder, each person's in a folder of its own, as Immich does. */
export class ProfileImageFiles {
	readonly #root: string;

	constructor(dataDir: string) {
		this.#root = path.join(dataDir, folder);
	}

	/** Writes a picture under a name of its own, whole or not at all, and gives its path below the data folder. */
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
				// The folder goes with the last picture in it, which may be removed at this moment.
				if (!isMissing(error) || attempt === writeAttempts) throw error;
			}
		}
	}

	/** Opens a stored picture; null where there is none, or none that is shown. */
	async read(userId: string, storedPath: string): Promise<StoredImage | null> {
		const ending = path.extname(storedPath).toLowerCase();
		if (!isServed(ending)) return null;
		const handle = await this.#open(userId, storedPath);
		if (!handle) return null;
		const { size: sizeBytes } = await handle.stat();
		const content = Readable.toWeb(handle.createReadStream());
		return { content: content as ReadableStream<Uint8Array>, sizeBytes, contentType: contentTypes[ending] };
	}

	/** Removes one picture, and the folder when it was the last. */
	async remove(userId: string, storedPath: string): Promise<void> {
		const ownFolder = path.join(this.#root, userId);
		await rm(path.join(ownFolder, nameOf(storedPath)), { force: true });
		// Others may be left in it.
		await rmdir(ownFolder).catch(() => undefined);
	}

	/** Removes all that a person had. */
	async removeAll(userId: string): Promise<void> {
		await rm(path.join(this.#root, userId), { recursive: true, force: true });
	}

	async #open(userId: string, storedPath: string): Promise<FileHandle | null> {
		try {
			const file = path.join(this.#root, userId, nameOf(storedPath));
			const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
			if ((await handle.stat()).isFile()) return handle;
			await handle.close();
			return null;
		} catch {
			return null;
		}
	}
}

/** Only the last part of a stored path counts: nothing that stands in a row leads out of the person's folder. */
const nameOf = (storedPath: string): string => path.posix.basename(storedPath.replaceAll('\\', '/'));
