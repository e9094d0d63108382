import path from 'node:path';
import type { AppEnv } from '#lib/server/platform/config/env.ts';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { requireMigrated } from '#lib/server/platform/database/migrate.ts';
import type { Host } from './open-platform.ts';

/**
 * Applies the pending migrations, as a start of the server does, and returns their names.
 * @throws {StartupError} if the database can't be migrated, or has been used by a newer version
 */
export async function migrateDatabase(
	{ database, dataDir }: AppEnv,
	{ onProgress, resources }: Pick<Host, 'onProgress' | 'resources'>
): Promise<readonly string[]> {
	const migrationsDir = path.resolve('prisma/migrations');
	const { migrated, pool } = await openDatabase({
		databaseUrl: database?.url,
		databaseVariable: database?.variable,
		dataDir,
		migrationsDir,
		maxConnections: 2,
		resources,
		onProgress
	});
	const client = await pool.connect();
	try {
		await requireMigrated(client, migrationsDir);
	} finally {
		client.release();
	}
	return [...migrated.adopted, ...migrated.applied];
}
