import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeZip, predictLength } from 'client-zip';
import { fileUnavailable } from './errors.ts';

/** A file to put into an archive. */
export interface ZipEntry {
	/** Named in errors. */
	readonly assetId: string;
	/** Name in the archive. */
	readonly name: string;
	readonly path: string;
	readonly lastModified: Date;
	readonly sizeBytes: number;
}

const chunkBytes = 256 * 1024;
const statsAtOnce = 32;
/** The oldest date that a zip file can express. */
const oldest = new Date(1980, 0, 2);

/**
 * Returns the path of a stored file; no stored value leads out of the data folder.
 * @throws {AppError} 500 if it would
 */
export function resolveStored(dataDir: string, assetId: string, storedPath: string): string {
	const resolved = path.resolve(dataDir, storedPath);
	if (storedPath.includes('\0') || !resolved.startsWith(`${dataDir}${path.sep}`)) throw fileUnavailable(assetId);
	return resolved;
}

/**
 * Adds the sizes of files as they are on the disk.
 * @throws {AppError} 500 if one is missing
 */
export async function measure(entries: readonly Omit<ZipEntry, 'sizeBytes'>[]): Promise<ZipEntry[]> {
	const measured: ZipEntry[] = [];
	for (let at = 0; at < entries.length; at += statsAtOnce)
		measured.push(...(await Promise.all(entries.slice(at, at + statsAtOnce).map(measureOne))));
	return measured;
}

async function measureOne(entry: Omit<ZipEntry, 'sizeBytes'>): Promise<ZipEntry> {
	const found = await stat(entry.path).catch((cause: unknown) => {
		throw fileUnavailable(entry.assetId, cause);
	});
	if (!found.isFile()) throw fileUnavailable(entry.assetId);
	return { ...entry, sizeBytes: found.size };
}

const describe = ({ name, sizeBytes, lastModified }: ZipEntry) => ({
	name,
	size: sizeBytes,
	lastModified: lastModified < oldest ? oldest : lastModified
});

/** Returns the exact size of the archive of these files, in bytes. */
export const predictZipBytes = (entries: readonly ZipEntry[]): number => Number(predictLength(entries.map(describe)));

/**
 * Yields a zip file piece by piece, reading one file at a time. Photos and videos are compressed already, so they are
 * stored as they are.
 * @param isNext called before each file with its index; throws if the archive must end
 * @throws {AppError} 500 if a file disappears or changes its size meanwhile
 */
export async function* streamZip(
	entries: readonly ZipEntry[],
	isNext: (index: number) => Promise<void>
): AsyncGenerator<Uint8Array, undefined> {
	const files = openAll(entries, isNext);
	const reader = makeZip(files).getReader();
	try {
		for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
		return undefined;
	} finally {
		// Closes the file that is being read, which the library doesn't if reading fails.
		await reader.cancel().catch(() => undefined);
		await files.return(undefined);
	}
}

async function* openAll(entries: readonly ZipEntry[], isNext: (index: number) => Promise<void>) {
	for (const [index, entry] of entries.entries()) {
		await isNext(index);
		const handle = await open(entry.path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: unknown) => {
			throw fileUnavailable(entry.assetId, cause);
		});
		try {
			yield { ...describe(entry), input: readExactly(handle, entry) };
		} finally {
			await handle.close();
		}
	}
	return undefined;
}

async function* readExactly(
	handle: Awaited<ReturnType<typeof open>>,
	{ assetId, sizeBytes }: ZipEntry
): AsyncGenerator<Uint8Array, undefined> {
	let left = sizeBytes;
	while (left > 0) {
		const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(chunkBytes, left)));
		// The length of the archive has been announced.
		if (bytesRead === 0) throw fileUnavailable(assetId, 'The file has become shorter');
		left -= bytesRead;
		yield buffer.subarray(0, bytesRead);
	}
	return undefined;
}
