import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { masterKeyFrom } from './vault.ts';

/** The file in DATA_DIR that holds the key when the environment has none. */
const keyFileName = 'secret.key';

const leastCharacters = 16;
const accessOfOthers = 0o077;

/** What the environment says about the key. */
export interface SecretEnv {
	/** `IMMICH_AUTH_SECRET`, or the content of `IMMICH_AUTH_SECRET_FILE`. */
	readonly current: GivenSecret | null;
	/** The one before, while the key is being replaced. */
	readonly previous: GivenSecret | null;
}

export interface GivenSecret {
	/** The variable that it comes from. */
	readonly source: string;
	readonly text: string;
}

export interface MasterKey {
	/** The variable or file that it comes from, for messages. */
	readonly source: string;
	readonly key: Uint8Array;
}

export const keyFileIn = (dataDir: string): string => path.join(dataDir, keyFileName);

export const masterKeyOf = ({ source, text }: GivenSecret): MasterKey => ({ source, key: masterKeyFrom(text) });

/** Reads the key file; null when there is none. Takes away the access of other users. Throws one line that says what is wrong. */
export async function readKeyFile(dataDir: string, onProgress: (message: string) => void): Promise<MasterKey | null> {
	const file = keyFileIn(dataDir);
	const text = await readFile(file, 'utf8').catch((cause: unknown) => {
		if (isMissing(cause)) return null;
		throw new Error(
			`The encryption key ${file} cannot be read (${codeOf(cause)}). Give it to the user who runs the server.`,
			{
				cause
			}
		);
	});
	if (text === null) return null;
	await makePrivate(file, onProgress);
	const secret = text.trim();
	if (secret.length < leastCharacters)
		throw new Error(`The encryption key ${file} is empty or damaged. Restore it from a backup.`);
	return masterKeyOf({ source: file, text: secret });
}

/** Makes the key file. When two processes do so at the same time, both get the one that came first. */
export async function makeKeyFile(dataDir: string, onProgress: (message: string) => void): Promise<MasterKey> {
	const file = keyFileIn(dataDir);
	const draft = `${file}.${randomBytes(6).toString('hex')}`;
	try {
		await mkdir(dataDir, { recursive: true, mode: 0o700 });
		await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
		// A link appears with its content, and never replaces a file.
		await link(draft, file).catch((error: unknown) => {
			if (codeOf(error) !== 'EEXIST') throw error;
		});
	} catch (cause) {
		throw new Error(
			`The encryption key ${file} cannot be written (${codeOf(cause)}). Make DATA_DIR writable, or set IMMICH_AUTH_SECRET.`,
			{ cause }
		);
	} finally {
		await rm(draft, { force: true });
	}
	const made = await readKeyFile(dataDir, onProgress);
	if (!made) throw new Error(`The encryption key ${file} has disappeared.`);
	return made;
}

async function makePrivate(file: string, onProgress: (message: string) => void): Promise<void> {
	// Windows has no such modes.
	if (process.platform === 'win32' || ((await stat(file)).mode & accessOfOthers) === 0) return;
	try {
		await chmod(file, 0o600);
	} catch (cause) {
		throw new Error(`Other users can read the encryption key ${file}. Restrict it: chmod 600 ${file}`, { cause });
	}
	onProgress(`Other users could read the encryption key ${file}; its mode is now 600.`);
}

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error ? String(error.code) : String(error);

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
