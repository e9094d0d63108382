import { stat } from 'node:fs/promises';
import { settingsRepositories } from '#lib/server/features/settings/index.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import type { Database } from '#lib/server/platform/database/database.ts';
import { EncryptionKeyRepository } from '#lib/server/platform/secrets/encryption-key.repository.ts';
import { keyFileIn, previousKeyFileIn } from '#lib/server/platform/secrets/master-key.ts';
import { missingKey, readKeyState, wrongKey } from '#lib/server/platform/secrets/open-vault.ts';
import { Vault } from '#lib/server/platform/secrets/vault.ts';
import { ok, problemFrom, warning, type Found } from './finding.ts';

const accessOfOthers = 0o077;

/** Checks that the encryption key opens the database, and that everything stored can be decrypted. Changes nothing. */
export async function checkSecrets(
	{ dataDir, secrets }: AppEnv,
	{ prisma }: Pick<Database, 'prisma'>
): Promise<{ readonly found: readonly Found[]; readonly vault: Vault | null }> {
	const isOpen = await isOpenToOthers(keyFileIn(dataDir));
	const said: string[] = [];
	const keys = new EncryptionKeyRepository(prisma);
	const options = { keys, dataDir, secrets, onProgress: (line: string) => void said.push(line), isModeKept: true };
	const { current, opener, stored, isShared } = await readKeyState(options);
	if (!stored) return { found: [ok('There is no encryption key yet; the next start creates it.')], vault: null };
	if (!opener) return { found: [problemFrom(current ? wrongKey(current) : missingKey(dataDir))], vault: null };
	if (!current) return { found: [problemFrom(missingKey(dataDir))], vault: null };
	const unreadable = new Set<string>();
	const vault = new Vault(opener.dataKey, { isShared, onUnreadable: (what) => unreadable.add(what) });
	await new settingsRepositories.settings({ prisma, vault }).read();
	const found: Found[] = [];
	for (const line of said) found.push(warning(line, 'Restore or remove that file.'));
	if (isOpen)
		found.push(
			warning(
				`Other users of this machine can read the encryption key ${keyFileIn(dataDir)}.`,
				`Run: chmod 600 ${keyFileIn(dataDir)}`
			)
		);
	if (opener.key.source === current.source && (await isThere(previousKeyFileIn(dataDir))))
		found.push(
			warning(
				`A replacement of the key has left the old one in ${previousKeyFileIn(dataDir)}.`,
				'No start of a server needs it anymore. Remove it.'
			)
		);
	if (opener.key.source !== current.source)
		found.push(
			warning(
				`The database is still encrypted with the key from ${opener.key.source}.`,
				`Restart the server or run immich-admin rotate-secret, which takes the one from ${current.source}.`
			)
		);
	if (unreadable.size > 0)
		found.push(
			warning(
				`Stored secrets cannot be decrypted: ${[...unreadable].join(', ')}.`,
				'Enter the SMTP and provider secrets again in the settings.'
			)
		);
	return { found: found.length > 0 ? found : [ok(`The key from ${current.source} opens the database.`)], vault };
}

const isThere = (file: string): Promise<boolean> =>
	stat(file).then(
		() => true,
		() => false
	);

const isOpenToOthers = (file: string): Promise<boolean> =>
	stat(file).then(
		({ mode }) => process.platform !== 'win32' && (mode & accessOfOthers) !== 0,
		() => false
	);
