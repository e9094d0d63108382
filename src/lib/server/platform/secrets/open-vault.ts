import type { Log } from '../log.ts';
import type { EncryptionKeyRepository } from './encryption-key.repository.ts';
import { keyFileIn, makeKeyFile, toMasterKey, readKeyFile, type MasterKey, type SecretEnv } from './master-key.ts';
import { decrypt, encrypt, deriveFirstDataKey, Vault } from './vault.ts';

interface Options {
	readonly keys: EncryptionKeyRepository;
	readonly dataDir: string;
	readonly secrets: SecretEnv;
	readonly log: Log;
	readonly onProgress: (message: string) => void;
}

const context = 'immich_auth.encryption_key';
const help = 'See "Encryption key" in docs/operations.md.';

/**
 * Decrypts the database's data key with the key outside of it, or creates both at the first startup. If the outer key was
 * replaced, re-encrypts the data key.
 * @throws {Error} if the key is missing or wrong, in one line
 */
export async function openVault(options: Options): Promise<Vault> {
	const { keys, log } = options;
	const { wrapped, isShared } = await keys.read();
	const available = await masterKeys(options, wrapped === null);
	const dataKey = await loadDataKey(options, available, wrapped);
	return new Vault(dataKey, {
		isShared,
		onUnreadable: (what) => log.warn({ what }, 'A stored secret cannot be decrypted and is ignored')
	});
}

/** The first key is current; the others may be needed for a data key encrypted earlier. */
async function masterKeys(
	{ secrets, dataDir, onProgress }: Options,
	isNew: boolean
): Promise<readonly [MasterKey, ...MasterKey[]]> {
	const { current, previous } = secrets;
	const ofFile = await readKeyFile(dataDir, onProgress).catch((error: unknown) => {
		if (!current) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		onProgress(`${reason} The server starts without it, because ${current.source} is set.`);
		return null;
	});
	const older = previous ? [toMasterKey(previous)] : [];
	if (current) return [toMasterKey(current), ...older, ...(ofFile ? [ofFile] : [])];
	if (ofFile) return [ofFile, ...older];
	if (isNew) return [await makeKeyFile(dataDir, onProgress), ...older];
	throw new Error(
		`The encryption key of this database is missing: there is no file ${keyFileIn(dataDir)}, and IMMICH_AUTH_SECRET is not set. Put the file back, or set the variable. ${help}`
	);
}

async function loadDataKey(
	{ keys, onProgress }: Options,
	available: readonly [MasterKey, ...MasterKey[]],
	stored: Uint8Array | null
): Promise<Uint8Array> {
	const [current] = available;
	const first = deriveFirstDataKey(current.key);
	// If several instances start at the same time, one stores its key; the others must be able to decrypt it.
	const wrapped = stored ?? (await keys.add(encrypt(current.key, context, first)));
	for (const { source, key } of available) {
		const dataKey = decrypt(key, context, wrapped);
		if (!dataKey) continue;
		if (source === current.source) return dataKey;
		await keys.replace(wrapped, encrypt(current.key, context, dataKey));
		onProgress(`The encryption key is now the one from ${current.source}; ${source} is no longer needed.`);
		return dataKey;
	}
	throw new Error(
		`The encryption key from ${current.source} is not the one that this database was encrypted with. Use the key file or IMMICH_AUTH_SECRET of the server that used the database before; to replace the key, set IMMICH_AUTH_SECRET_PREVIOUS to the old one. ${help}`
	);
}
