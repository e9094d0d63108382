import path from 'node:path';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { watchTriggers } from '#lib/server/platform/database/trigger-watch.ts';
import { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import type { Pooling } from '#lib/server/platform/database/pooling.ts';
import type { Platform } from '#lib/server/platform/feature.ts';
import { createLog, type Log } from '#lib/server/platform/log.ts';
import type { OpenResources } from '#lib/server/platform/open-resources.ts';
import { EncryptionKeyRepository } from '#lib/server/platform/secrets/encryption-key.repository.ts';
import { openVault } from '#lib/server/platform/secrets/open-vault.ts';
import { createStore, type Store } from './store.ts';

export interface Host {
	readonly onProgress?: (message: string) => void;
	/** The owner closes them, also if this fails. */
	readonly resources: OpenResources;
	/** Defaults to the server's. */
	readonly log?: Log;
	/** For a command beside the server: uses few connections, and neither creates nor migrates a database. */
	readonly isCommand?: boolean;
}

export interface AppPlatform extends Platform<Store> {
	readonly changes: ChangeFeed;
	readonly pooling: Pooling;
}

/** Enough for a transaction and the reads around it. */
const commandConnections = 3;

/** Opens the database and what else all features share. */
export async function openPlatform(
	env: AppEnv,
	{ onProgress = () => undefined, resources, log = createLog(env.logLevel), isCommand = false }: Host
): Promise<AppPlatform> {
	const database = await openDatabase({
		databaseUrl: env.database?.url,
		databaseVariable: env.database?.variable,
		dataDir: env.dataDir,
		migrationsDir: path.resolve('prisma/migrations'),
		onProgress,
		resources,
		...(isCommand && { mustBeReady: true, maxConnections: commandConnections }),
		onConnectionLost: (error) => log.error({ error: error.message }, 'Lost a connection to the database')
	});
	const keys = new EncryptionKeyRepository(database.prisma);
	const vault = await openVault({ keys, dataDir: env.dataDir, secrets: env.secrets, log, onProgress });
	const changes = new ChangeFeed(database.pooling === 'session' ? database.connection : null, {
		onInterrupted: (error) =>
			log.error(
				{ error: error.message },
				'Database notifications are not arriving. Until they do, every request asks the database who it comes from'
			),
		onResumed: () => log.info('Database notifications are arriving again'),
		...(database.immich && { watch: watchTriggers(log) })
	});
	return {
		env,
		log,
		store: createStore({ ...database, vault }),
		pool: database.pool,
		isDatabaseEmbedded: database.isEmbedded,
		immich: database.immich,
		changes,
		pooling: database.pooling,
		passwords: new PasswordHasher()
	};
}
