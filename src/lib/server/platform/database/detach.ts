import pg, { type ClientBase } from 'pg';
import { settingsQuery } from './client.ts';
import { lockMigrations } from './migration-lock.ts';
import { readMigrationState } from './migrate.ts';
import { StartupError } from './startup-error.ts';

/** What `detach` has removed. */
export interface Detached {
	readonly triggers: number;
	readonly schemas: readonly string[];
}

/**
 * Removes everything of ours from a running Immich's database, in one transaction. What was changed in Immich's own rows stays:
 * they are Immich's.
 * @throws {StartupError} if the database isn't Immich's with tables of ours, or if a server of ours still uses it
 */
export async function detach(client: ClientBase, migrationsDir: string): Promise<Detached> {
	const { immich, isNew } = await readMigrationState(client, migrationsDir);
	if (!immich)
		throw new StartupError(
			'This database is not attached to an Immich: it is the only place of its users. Nothing was changed.'
		);
	if (isNew) throw new StartupError('immich-auth has no tables in this database. There is nothing to remove.');
	await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${settingsQuery('transaction ends')}`);
	try {
		await lockMigrations(client);
		await refuseRunningServers(client);
		await client.query(`SET LOCAL lock_timeout = '10s'`);
		const triggers = await dropTriggers(client);
		const schemas = ['immich_auth', 'immich_auth_jobs'];
		for (const schema of schemas) await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
		await client.query('COMMIT');
		return { triggers, schemas };
	} catch (error) {
		await client.query('ROLLBACK').catch(() => undefined);
		throw error;
	}
}

async function refuseRunningServers(client: ClientBase): Promise<void> {
	const { rows } = await client.query<{ count: number }>(
		`SELECT count(*)::int AS count FROM pg_stat_activity
		WHERE datname = current_database() AND application_name IN ('immich-auth changes', 'immich-auth beats')`
	);
	if ((rows[0]?.count ?? 0) > 0)
		throw new StartupError(
			'A server of immich-auth still uses this database. Stop every one of them first. Nothing was changed.'
		);
}

/** Drops our triggers on Immich's tables, and the indexes and the table of records that earlier versions put there. */
async function dropTriggers(client: ClientBase): Promise<number> {
	const { rows } = await client.query<{ trigger: string; table: string }>(
		`SELECT tgname AS "trigger", tgrelid::regclass::text AS "table" FROM pg_trigger
		JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid
		WHERE pronamespace = 'immich_auth'::regnamespace AND relnamespace = 'public'::regnamespace AND NOT tgisinternal`
	);
	const drops = rows.map(({ trigger, table }) => `DROP TRIGGER ${pg.escapeIdentifier(trigger)} ON ${table}`);
	if (drops.length > 0) await client.query(drops.join('; '));
	return rows.length;
}
