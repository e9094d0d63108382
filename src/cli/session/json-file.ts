import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, fileError, SessionFileError } from './errors.ts';

/**
 * Reads a JSON file; returns undefined if there is none.
 * @throws {SessionFileError} if it can't be read or isn't JSON
 */
export async function readJson(file: string): Promise<unknown> {
	const bytes = await readFile(file).catch((error: unknown) => {
		if (codeOf(error) === 'ENOENT') return null;
		throw fileError(file, 'read', error);
	});
	if (bytes === null) return undefined;
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		// The parser's own message quotes the text, which contains a secret.
		throw new SessionFileError(file, 'is not valid JSON', { isMalformed: true });
	}
}

/**
 * Replaces a file that only its owner may read; a crash leaves the old content or the new.
 * @throws {SessionFileError} if it can't be written
 */
export async function writeJson(file: string, value: unknown): Promise<void> {
	await writePrivately(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Like `writeJson`, for text.
 * @throws {SessionFileError} if it can't be written
 */
export async function writePrivately(file: string, text: string): Promise<void> {
	const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`;
	try {
		const handle = await open(temporary, 'wx', 0o600);
		try {
			await handle.writeFile(text);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(temporary, file);
		await syncFolder(path.dirname(file));
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => undefined);
		throw fileError(file, 'written', error);
	}
}

/** Makes a rename in the folder durable, where the system can open folders. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r').catch(() => null);
	await handle?.sync().catch(() => undefined);
	await handle?.close();
}
