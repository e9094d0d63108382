import { randomBytes } from 'node:crypto';
import { chmod, chown, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { masterKeyFrom } from './vault.ts';

/** The file in DATA_DIR that holds the key if the environment has none. */
const keyFileName = 'secret.key';
/** The previous key, from the replacement of that file until the database is encrypted with the new one. */
const previousSuffix = '.previous';

const leastCharacters = 16;
const accessOfOthers = 0o077;
/** Errors of `link` on file systems without hard links, such as exFAT, SMB, 9p and Docker's shared folders on macOS. */
const withoutLinks = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EIO', 'EMLINK', 'UNKNOWN'];

/** The key settings of the environment. */
export interface SecretEnv {
	/** `IMMICH_AUTH_SECRET`, or the content of `IMMICH_AUTH_SECRET_FILE`. */
	readonly current: GivenSecret | null;
	/** The previous secret, while the key is being replaced. */
	readonly previous: GivenSecret | null;
}

export interface GivenSecret {
	/** Name of the variable. */
	readonly source: string;
	readonly text: string;
}

export interface MasterKey {
	/** The variable or file it comes from, for messages. */
	readonly source: string;
	readonly key: Uint8Array;
}

type OnProgress = (message: string) => void;

/** Returns the path of the key file in the data directory. */
export const keyFileIn = (dataDir: string): string => path.join(dataDir, keyFileName);

/** Returns the path of the previous key, which is there while the key file is being replaced. */
export const previousKeyFileIn = (dataDir: string): string => keyFileIn(dataDir) + previousSuffix;

/** Derives the key from a secret in the environment. */
export const toMasterKey = ({ source, text }: GivenSecret): MasterKey => ({ source, key: masterKeyFrom(text) });

/**
 * Reads the key file; null if there is none. Removes other users' access to it.
 * @throws {Error} if it can't be read or is damaged, in one line
 */
export const readKeyFile = (dataDir: string, onProgress: OnProgress, isModeKept = false): Promise<MasterKey | null> =>
	readKey(keyFileIn(dataDir), onProgress, isModeKept);

/**
 * Reads the key that a replacement was interrupted to replace; null if there is none.
 * @throws {Error} if it can't be read or is damaged, in one line
 */
export const readPreviousKeyFile = (
	dataDir: string,
	onProgress: OnProgress,
	isModeKept = false
): Promise<MasterKey | null> => readKey(previousKeyFileIn(dataDir), onProgress, isModeKept);

async function readKey(file: string, onProgress: OnProgress, isModeKept: boolean): Promise<MasterKey | null> {
	const text = await readFile(file, 'utf8').catch((cause: unknown) => {
		if (isMissing(cause)) return null;
		throw new Error(
			`The encryption key ${file} cannot be read (${getErrorCode(cause)}). Give it to the user who runs the server.`,
			{ cause }
		);
	});
	if (text === null) return null;
	if (!isModeKept) await makePrivate(file, onProgress);
	const secret = text.trim();
	if (secret.length < leastCharacters)
		throw new Error(`The encryption key ${file} is empty or damaged. Restore it from a backup.`);
	return toMasterKey({ source: file, text: secret });
}

/**
 * Creates the key file. If two processes do so at the same time, both get the first one's key.
 * @throws {Error} if it can't be written, in one line
 */
export async function makeKeyFile(dataDir: string, onProgress: OnProgress): Promise<MasterKey> {
	const file = keyFileIn(dataDir);
	try {
		await mkdir(dataDir, { recursive: true, mode: 0o700 });
		await writeOnce(file, newKeyText());
	} catch (cause) {
		throw new Error(
			`The encryption key ${file} cannot be written (${getErrorCode(cause)}). Make DATA_DIR writable, or set IMMICH_AUTH_SECRET.`,
			{ cause }
		);
	}
	const made = await readKeyFile(dataDir, onProgress);
	if (!made) throw new Error(`The encryption key ${file} has disappeared.`);
	return made;
}

/**
 * Replaces the key file with a new one. The old key stays beside it until `forgetPreviousKeyFile`, so that one of them opens
 * the database whenever the replacement is interrupted.
 * @throws {Error} if a file can't be written, in one line
 */
export async function replaceKeyFile(dataDir: string): Promise<void> {
	const file = keyFileIn(dataDir);
	try {
		await writeOver(previousKeyFileIn(dataDir), await readFile(file, 'utf8'), file);
		await writeOver(file, newKeyText(), file);
	} catch (cause) {
		throw new Error(`The encryption key ${file} cannot be replaced (${getErrorCode(cause)}). Make DATA_DIR writable.`, {
			cause
		});
	}
}

/** Removes the previous key once it opens nothing anymore. */
export const forgetPreviousKeyFile = (dataDir: string): Promise<void> =>
	rm(previousKeyFileIn(dataDir), { force: true });

const newKeyText = (): string => `${randomBytes(32).toString('base64url')}\n`;

/** Writes a file in one step, for the owner of another one: a command can be run by root, and the server by another user. */
async function writeOver(file: string, text: string, likeFile: string): Promise<void> {
	const draft = `${file}.${randomBytes(6).toString('hex')}`;
	try {
		await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
		const { uid, gid } = await stat(likeFile);
		if (process.getuid?.() === 0) await chown(draft, uid, gid);
		await rename(draft, file);
	} finally {
		await rm(draft, { force: true });
	}
}

/** Writes a file unless it exists; atomic where the file system has hard links. */
async function writeOnce(file: string, text: string): Promise<void> {
	const draft = `${file}.${randomBytes(6).toString('hex')}`;
	try {
		await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
		await link(draft, file);
	} catch (error) {
		if (getErrorCode(error) === 'EEXIST') return;
		if (!withoutLinks.includes(getErrorCode(error))) throw error;
		await writeFile(file, text, { mode: 0o600, flag: 'wx', flush: true }).catch((again: unknown) => {
			if (getErrorCode(again) !== 'EEXIST') throw again;
			return waitForLine(file);
		});
	} finally {
		await rm(draft, { force: true });
	}
}

/** Waits briefly for another process to finish writing the file it created. */
async function waitForLine(file: string): Promise<void> {
	for (let tries = 0; tries < 40 && !(await readFile(file, 'utf8')).endsWith('\n'); tries++) await sleep(25);
}

async function makePrivate(file: string, onProgress: (message: string) => void): Promise<void> {
	// Windows has no such modes.
	if (process.platform === 'win32' || !(await isOpenToOthers(file))) return;
	const failure = await chmod(file, 0o600).then(
		() => null,
		(error: unknown) => getErrorCode(error)
	);
	onProgress(
		(await isOpenToOthers(file))
			? `Other users may be able to read the encryption key ${file}, and its mode cannot be changed${failure === null ? '' : ` (${failure})`}. Keep them out of DATA_DIR, or set IMMICH_AUTH_SECRET.`
			: `Other users could read the encryption key ${file}; its mode is now 600.`
	);
}

const isOpenToOthers = async (file: string): Promise<boolean> => ((await stat(file)).mode & accessOfOthers) !== 0;

const getErrorCode = (error: unknown): string =>
	error instanceof Error && 'code' in error ? String(error.code) : String(error);

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(getErrorCode(error));
