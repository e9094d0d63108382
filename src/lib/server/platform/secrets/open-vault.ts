import type { Log } from '../log.ts';
import type { EncryptionKeyRepository } from './encryption-key.repository.ts';
import {
	keyFileIn,
	makeKeyFile,
	readKeyFile,
	readPreviousKeyFile,
	toMasterKey,
	type MasterKey,
	type SecretEnv
} from './master-key.ts';
import { decrypt, encrypt, deriveFirstDataKey, Vault } from './vault.ts';

interface Options {
	readonly keys: EncryptionKeyRepository;
	readonly dataDir: string;
	readonly secrets: SecretEnv;
	readonly log: Log;
	readonly onProgress: (message: string) => void;
}

/** Binds an encrypted data key to its place. */
const context = 'immich_auth.encryption_key';
const help = 'See "Encryption key" in docs/operations.md.';

/** The keys outside the database, and what they open. */
export interface KeyState {
	/** The key in use from now on; null if there is none. */
	readonly current: MasterKey | null;
	/** The key that opens the database's data key, and that data key; null if none does. */
	readonly opener: { readonly key: MasterKey; readonly dataKey: Uint8Array } | null;
	/** The encrypted data key; null before the first startup. */
	readonly stored: Uint8Array | null;
	readonly isShared: boolean;
}

/**
 * Reads the keys without changing anything but the mode of a key file.
 * @throws {Error} if the key file can't be read, in one line
 */
export async function readKeyState(
	options: Omit<Options, 'log'> & {
		/** Leave the mode of the key file as it is. */
		readonly isModeKept?: boolean;
	}
): Promise<KeyState> {
	const { wrapped: stored, isShared } = await options.keys.read();
	const { current, older } = await readMasterKeys(options);
	const candidates = [...(current ? [current] : []), ...older];
	const opened = candidates.flatMap((key) => {
		const dataKey = stored && decrypt(key.key, context, stored);
		return dataKey ? [{ key, dataKey }] : [];
	});
	return { current, opener: opened[0] ?? null, stored, isShared };
}

/** Encrypts the data key with a key outside the database. */
export const wrapDataKey = ({ key }: MasterKey, dataKey: Uint8Array): Uint8Array<ArrayBuffer> =>
	encrypt(key, context, dataKey);

/**
 * Decrypts the database's data key with the key outside of it, or creates both at the first startup. If the outer key was
 * replaced, re-encrypts the data key.
 * @throws {Error} if the key is missing or wrong, in one line
 */
export async function openVault(options: Options): Promise<Vault> {
	const state = await readKeyState(options);
	const dataKey = await loadDataKey(options, state);
	return new Vault(dataKey, {
		isShared: state.isShared,
		onUnreadable: (what) => options.log.warn({ what }, 'A stored secret cannot be decrypted and is ignored')
	});
}

/** The current key, and others with which the data key may have been encrypted earlier. */
async function readMasterKeys({
	secrets,
	dataDir,
	onProgress,
	isModeKept = false
}: Pick<Options, 'secrets' | 'dataDir' | 'onProgress'> & { readonly isModeKept?: boolean }): Promise<{
	readonly current: MasterKey | null;
	readonly older: readonly MasterKey[];
}> {
	const { current, previous } = secrets;
	const ofFile = await readKeyFile(dataDir, onProgress, isModeKept).catch((error: unknown) => {
		if (!current) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		onProgress(`${reason} The server starts without it, because ${current.source} is set.`);
		return null;
	});
	const replaced = await readPreviousKeyFile(dataDir, onProgress, isModeKept).catch(() => null);
	const older = [previous && toMasterKey(previous), current && ofFile, replaced].filter((key) => key !== null);
	return { current: current ? toMasterKey(current) : ofFile, older };
}

async function loadDataKey(
	{ keys, dataDir, onProgress }: Options,
	{ current: found, opener, stored }: KeyState
): Promise<Uint8Array> {
	if (!found && stored) throw missingKey(dataDir);
	const current = found ?? (await makeKeyFile(dataDir, onProgress));
	if (!stored) {
		const first = deriveFirstDataKey(current.key);
		// If several instances start at the same time, one stores its key; the others must be able to decrypt it.
		const dataKey = decrypt(current.key, context, await keys.add(wrapDataKey(current, first)));
		if (!dataKey) throw wrongKey(current);
		return dataKey;
	}
	if (!opener) throw wrongKey(current);
	if (opener.key.source !== current.source) {
		await keys.replace(stored, wrapDataKey(current, opener.dataKey));
		onProgress(`The encryption key is now the one from ${current.source}; ${opener.key.source} is no longer needed.`);
	}
	return opener.dataKey;
}

/** Says that there is no key outside the database. */
export const missingKey = (dataDir: string): Error =>
	new Error(
		`The encryption key of this database is missing: there is no file ${keyFileIn(dataDir)}, and IMMICH_AUTH_SECRET is not set. Put the file back, or set the variable. ${help}`
	);

/** Says that a key doesn't open this database. */
export const wrongKey = ({ source }: MasterKey): Error =>
	new Error(
		`The encryption key from ${source} is not the one that this database was encrypted with. Use the key file or IMMICH_AUTH_SECRET of the server that used the database before; to replace the key, set IMMICH_AUTH_SECRET_PREVIOUS to the old one. ${help}`
	);
