import type { ClientBase } from 'pg';
import { elsewhere } from './foreign-objects.ts';
import type { MigrationFile } from './migration-files.ts';
import { StartupError } from './startup-error.ts';

/**
 * Prisma's own table, in our schema: Immich's restore replaces the schema `public`, and the records must stay with the tables
 * they describe.
 */
export const recordsTable = 'immich_auth."_prisma_migrations"';

/** Where earlier versions kept it. */
const earlierTable = 'public."_prisma_migrations"';

/** The table as Prisma creates it. */
const createTable = `
	CREATE TABLE IF NOT EXISTS ${recordsTable} (
		"id" VARCHAR(36) PRIMARY KEY NOT NULL,
		"checksum" VARCHAR(64) NOT NULL,
		"finished_at" TIMESTAMPTZ,
		"migration_name" VARCHAR(255) NOT NULL,
		"logs" TEXT,
		"rolled_back_at" TIMESTAMPTZ,
		"started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
		"applied_steps_count" INTEGER NOT NULL DEFAULT 0
	)`;

/** Columns that the runner reads and writes. */
const recordColumns = ['id', 'checksum', 'finished_at', 'migration_name', 'logs', 'rolled_back_at', 'started_at'];

export type MigrationRow = {
	migration_name: string;
	checksum: string;
	finished_at: Date | null;
	applied_steps_count: number;
};

/** Returns the table with the records; null if there is none. @throws StartupError if Prisma didn't create it */
async function findTable(client: ClientBase): Promise<string | null> {
	const { rows } = await client.query<{ table: string; columns: string[] }>(
		`SELECT wanted AS "table", array_agg(attname::text) AS "columns"
		FROM unnest($1::text[]) WITH ORDINALITY AS candidate(wanted, place)
		JOIN pg_attribute ON attrelid = to_regclass(wanted) AND attnum > 0 AND NOT attisdropped
		GROUP BY wanted, place ORDER BY place LIMIT 1`,
		[[recordsTable, earlierTable]]
	);
	const [found] = rows;
	if (!found) return null;
	if (recordColumns.every((name) => found.columns.includes(name))) return found.table;
	throw new StartupError(`This database has a table _prisma_migrations that another program made. ${elsewhere}`);
}

/**
 * Reads the records of applied migrations.
 * @throws {StartupError} if another program made them, or if a migration failed halfway
 */
export async function readRecords(
	client: ClientBase,
	files: readonly MigrationFile[]
): Promise<Map<string, MigrationRow>> {
	const table = await findTable(client);
	if (table === null) return new Map();
	const { rows } = await client.query<MigrationRow>(
		`SELECT migration_name, checksum, finished_at, applied_steps_count FROM ${table} WHERE rolled_back_at IS NULL`
	);
	const known = new Set(files.map((file) => file.name));
	if (rows.length > 0 && !rows.some((row) => known.has(row.migration_name)))
		throw new StartupError(
			`The migrations in this database (table _prisma_migrations) belong to another program. ${elsewhere}`
		);
	const failed = rows.find((row) => row.finished_at === null && known.has(row.migration_name));
	if (failed) {
		throw new StartupError(
			`Migration ${failed.migration_name} failed halfway earlier, under Prisma's own tools. Restore a backup from before it. Or undo by hand what it did, mark it with "prisma migrate resolve --rolled-back ${failed.migration_name}", and start again.`
		);
	}
	return new Map(rows.map((row) => [row.migration_name, row]));
}

/** Creates the table of records, or moves it from where earlier versions kept it. */
export async function claimRecords(client: ClientBase): Promise<void> {
	const table = await findTable(client);
	await client.query('CREATE SCHEMA IF NOT EXISTS immich_auth');
	if (table === earlierTable) await client.query(`ALTER TABLE ${earlierTable} SET SCHEMA immich_auth`);
	await client.query(createTable);
}
