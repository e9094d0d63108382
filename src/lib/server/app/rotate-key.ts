import path from 'node:path';
import { auditRepositories, buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { openDatabase, type Database, type Prisma } from '#lib/server/platform/database/database.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import { EncryptionKeyRepository } from '#lib/server/platform/secrets/encryption-key.repository.ts';
import { forgetPreviousKeyFile, readKeyFile, replaceKeyFile } from '#lib/server/platform/secrets/master-key.ts';
import {
	missingKey,
	readKeyState,
	wrapDataKey,
	wrongKey,
	type KeyState
} from '#lib/server/platform/secrets/open-vault.ts';
import type { Host } from './open-platform.ts';

type CommandHost = Pick<Host, 'onProgress' | 'resources'>;

const timeoutMs = 30_000;

/**
 * Replaces the encryption key, or completes a replacement that was begun, and returns where the key is now. Only the data
 * key is encrypted again, so running servers aren't affected: docs/decisions/025.
 * @throws {Error} if no key opens the database, or if the key is in a variable, which only the operator can change
 */
export async function rotateKey(env: AppEnv, host: CommandHost, auth: Auth): Promise<string> {
	const database = await openForCommand(env, host);
	const source = await inTransaction(database, async (prisma, keys) => {
		const state = await readState(env, host, keys);
		const { current, opener, stored } = state;
		if (!stored) throw new StartupError('The database has no encryption key yet. Start the server, which creates it.');
		if (!current) throw missingKey(env.dataDir);
		if (!opener) throw wrongKey(current);
		const isBegun = opener.key.source !== current.source;
		if (!isBegun && env.secrets.current)
			throw new StartupError(
				`The encryption key comes from ${current.source}, which no command can change. Set it to a new value (openssl rand -base64 32) and IMMICH_AUTH_SECRET_PREVIOUS to the old one, on every server; then run this again, or restart the servers.`
			);
		if (!isBegun) await replaceKeyFile(env.dataDir);
		const next = isBegun ? current : await readKeyFile(env.dataDir, () => undefined);
		if (!next) throw missingKey(env.dataDir);
		await keys.replace(stored, wrapDataKey(next, opener.dataKey));
		await record(prisma, auth, 'server.rotateKey');
		return next.source;
	});
	await forgetPreviousKeyFile(env.dataDir);
	return source;
}

/**
 * Gives up a lost key: the next start of the server creates a new one and drops what it can't decrypt.
 * @throws {Error} if the key isn't lost
 */
export async function resetKey(env: AppEnv, host: CommandHost, auth: Auth): Promise<void> {
	const database = await openForCommand(env, host);
	await inTransaction(database, async (prisma, keys) => {
		const { opener } = await readState(env, host, keys).catch((): Pick<KeyState, 'opener'> => ({ opener: null }));
		if (opener)
			throw new StartupError(
				`The encryption key is not lost: ${opener.key.source} opens the database. Nothing was changed.`
			);
		await keys.remove();
		await record(prisma, auth, 'server.resetKey');
	});
}

const openForCommand = ({ database, dataDir }: AppEnv, { onProgress, resources }: CommandHost): Promise<Database> =>
	openDatabase({
		databaseUrl: database?.url,
		databaseVariable: database?.variable,
		dataDir,
		migrationsDir: path.resolve('prisma/migrations'),
		mustBeReady: true,
		maxConnections: 2,
		resources,
		onProgress
	});

const inTransaction = <Result>(
	{ prisma }: Database,
	change: (prisma: Prisma.TransactionClient, keys: EncryptionKeyRepository) => Promise<Result>
): Promise<Result> =>
	prisma.$transaction(
		async (transaction) => {
			const keys = new EncryptionKeyRepository(transaction);
			await keys.lock();
			return change(transaction, keys);
		},
		{ timeout: timeoutMs }
	);

const readState = (
	{ dataDir, secrets }: AppEnv,
	{ onProgress = () => undefined }: CommandHost,
	keys: EncryptionKeyRepository
): Promise<KeyState> => readKeyState({ keys, dataDir, secrets, onProgress });

const record = (
	prisma: Prisma.TransactionClient,
	auth: Auth,
	action: 'server.rotateKey' | 'server.resetKey'
): Promise<void> => new auditRepositories.audit({ prisma }).record(buildAuditEntry(auth, { action, subject: null }));
