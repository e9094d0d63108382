import type { ClientBase } from 'pg';
import type { MigrationFile } from './migration-files.ts';
import { StartupError } from './startup-error.ts';

const ownSchemas = ['immich_auth', 'immich_auth_jobs'];
const elsewhere = 'Create an empty database for immich-auth and name it in DATABASE_URL.';

/** Columns of Prisma's migrations table that the runner reads and writes. */
const recordColumns = ['id', 'checksum', 'finished_at', 'migration_name', 'logs', 'rolled_back_at', 'started_at'];

/** Returns whether there is a table of migration records. @throws StartupError if Prisma didn't create it */
export async function hasMigrationRecords(client: ClientBase): Promise<boolean> {
	const { rows } = await client.query<{ name: string }>(
		`SELECT attname AS name FROM pg_attribute
		WHERE attrelid = to_regclass('public."_prisma_migrations"') AND attnum > 0 AND NOT attisdropped`
	);
	if (rows.length === 0) return false;
	const present = new Set(rows.map(({ name }) => name));
	if (recordColumns.every((name) => present.has(name))) return true;
	throw new StartupError(`This database has a table _prisma_migrations that another program made. ${elsewhere}`);
}

/**
 * Checks that the migration records aren't another program's.
 * @throws {StartupError} if all of them are
 */
export function refuseForeignRecords(recordedNames: readonly string[], files: readonly MigrationFile[]): void {
	const known = new Set(files.map(({ name }) => name));
	if (recordedNames.length === 0 || recordedNames.some((name) => known.has(name))) return;
	throw new StartupError(
		`The migrations in this database (table _prisma_migrations) belong to another program. ${elsewhere}`
	);
}

/**
 * Checks, before anything is written, that the migration records and the schemas match.
 * @throws {StartupError} if they don't
 */
export async function checkSchemas(client: ClientBase, isRecorded: boolean): Promise<void> {
	const { rows } = await client.query<{ name: string }>(
		`SELECT DISTINCT namespace.nspname AS name FROM pg_namespace AS namespace
		WHERE namespace.nspname = ANY($1::text[]) AND (
			EXISTS (SELECT FROM pg_class WHERE relnamespace = namespace.oid)
			OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = namespace.oid)
			OR EXISTS (SELECT FROM pg_type WHERE typnamespace = namespace.oid)
		)`,
		[ownSchemas]
	);
	const filled = rows.map(({ name }) => name);
	if (!isRecorded && filled.length > 0)
		throw new StartupError(
			`This database has a schema ${filled.join(' and ')}, but no record that immich-auth made it. If it comes from a backup of immich-auth, restore the table public._prisma_migrations too. Otherwise rename the schema, or name another database in DATABASE_URL.`
		);
	if (isRecorded && !filled.includes('immich_auth'))
		throw new StartupError(
			'The schema immich_auth is missing from this database, although its migrations are recorded as applied. Restore it from the backup; a backup of the schema public alone is not enough.'
		);
}

/**
 * Checks that a database that isn't Immich's has none of the tables that the mirror would create.
 * @throws {StartupError} if it has any
 */
export async function refuseForeignTables(client: ClientBase, files: readonly MigrationFile[]): Promise<void> {
	const names = files
		.filter(({ isMirror }) => isMirror)
		.flatMap(({ sql }) => [...sql.matchAll(/^CREATE TABLE "public"\."(\w+)"/gm)].map(([, name]) => name ?? ''));
	const { rows } = await client.query<{ name: string }>(
		`SELECT relname AS name FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1::text[]) ORDER BY relname`,
		[names]
	);
	if (rows.length === 0) return;
	const found = rows.map(({ name }) => name).join(', ');
	throw new StartupError(`The schema public holds tables of another program (${found}). ${elsewhere}`);
}

/** duplicate_schema, duplicate_table, duplicate_object, duplicate_function */
const duplicateCodes = ['42P06', '42P07', '42710', '42723'];

/** Returns what to do about a failed migration. */
export function adviceAfterFailure(code: string | undefined): string {
	if (code === '42501')
		return ' Grant the user of DATABASE_URL the right to create schemas and tables in this database.';
	return duplicateCodes.includes(code ?? '') ? ` Another program made it. ${elsewhere}` : '';
}
