import type { ClientBase } from 'pg';
import { StartupError } from './startup-error.ts';

const ownSchemas = ['immich_auth', 'immich_auth_jobs'];
export const elsewhere = 'Create an empty database for immich-auth and name it in DATABASE_URL.';

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
	const isLost = !filled.includes('immich_auth') && (isRecorded || (await hasOwnIndexes(client)));
	if (!isRecorded && filled.length > 0 && !isLost)
		throw new StartupError(
			`This database has a schema ${filled.join(' and ')}, but no record that immich-auth made it. If it comes from a backup of immich-auth, restore the table _prisma_migrations too. Otherwise rename the schema, or name another database in DATABASE_URL.`
		);
	if (isLost)
		throw new StartupError(
			'The schema immich_auth is missing from this database, although its migrations are recorded as applied. Restore it from the backup; a backup of the schema public alone is not enough.'
		);
}

/** Whether the mirrored tables are of a server of our own: only there they get indexes of ours. */
async function hasOwnIndexes(client: ClientBase): Promise<boolean> {
	const { rowCount } = await client.query(
		`SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind = 'i' AND relname LIKE 'immich\\_auth\\_%' LIMIT 1`
	);
	return rowCount === 1;
}

/**
 * Checks that the schema `public` of a database that is neither ours nor a running Immich's is empty, except for extensions.
 * @throws {StartupError} if it isn't
 */
export async function refuseForeignTables(client: ClientBase): Promise<void> {
	const { rows } = await client.query<{ name: string }>(
		`SELECT relname AS name FROM pg_class
		WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (
			SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype IN ('e', 'i', 'a')
		) ORDER BY relname LIMIT ${String(namedTables + 1)}`
	);
	if (rows.length === 0) return;
	const names = rows.map(({ name }) => name);
	if (names.includes('users') && names.includes('sessions'))
		throw new StartupError(
			`This database belongs to an Immich older than 3.0, or to another program (it has the tables sessions, users). Update Immich to 3.0 or later and start it once, or name an empty database in DATABASE_URL.`
		);
	const found = [...names.slice(0, namedTables), ...(names.length > namedTables ? ['…'] : [])].join(', ');
	throw new StartupError(`The schema public holds tables of another program (${found}). ${elsewhere}`);
}

/** How many tables of another program a message names. */
const namedTables = 20;

const writtenTables = ['user', 'session', 'api_key', 'user_metadata', 'system_metadata', 'notification'];

/**
 * Checks, before anything is written, that the role may work with Immich's tables.
 * @throws {StartupError} if it may not
 */
export async function requireRights(client: ClientBase): Promise<void> {
	const { rows } = await client.query<{ name: string }>(
		`SELECT name FROM unnest($1::text[]) AS name
		WHERE NOT (
			SELECT bool_and(has_table_privilege(format('public.%I', name), privilege))
			FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRIGGER}'::text[]) AS privilege
		)`,
		[writtenTables]
	);
	const {
		rows: [database]
	} = await client.query<{ isAllowed: boolean }>(
		`SELECT has_database_privilege(current_database(), 'CREATE') OR to_regnamespace('immich_auth') IS NOT NULL AS "isAllowed"`
	);
	const refused = [
		...rows.map(({ name }) => `write to the table ${name}`),
		...(database?.isAllowed ? [] : ['create a schema'])
	];
	if (refused.length > 0)
		throw new StartupError(
			`The user of DATABASE_URL is not allowed to ${refused.join(', ')}. Use the database user of Immich.`
		);
}

/** duplicate_schema, duplicate_table, duplicate_object, duplicate_function */
const duplicateCodes = ['42P06', '42P07', '42710', '42723'];

/** Returns what to do about a failed migration. */
export function adviceAfterFailure(code: string | undefined): string {
	if (code === '42501')
		return ' Grant the user of DATABASE_URL the right to create schemas and tables in this database.';
	return duplicateCodes.includes(code ?? '') ? ` Another program made it. ${elsewhere}` : '';
}
