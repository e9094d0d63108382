import type { ClientBase } from 'pg';
import { StartupError } from './startup-error.ts';

/** Columns that the mirror relies on and only Immich 3.2 and later have: an older database lacks at least one of them. */
const columnsOfImmich32 = [
	{ table: 'asset', column: 'localDateTime' },
	{ table: 'asset', column: 'ownerId' },
	{ table: 'asset', column: 'status' },
	{ table: 'asset', column: 'visibility' },
	{ table: 'cluster_group', column: 'id' },
	{ table: 'notification', column: 'readAt' },
	{ table: 'session', column: 'appVersion' },
	{ table: 'session', column: 'oauthBearerToken' },
	{ table: 'session', column: 'oauthSid' },
	{ table: 'user', column: 'clusterGroupId' },
	{ table: 'user', column: 'pinCode' },
	{ table: 'user_metadata', column: 'updateId' }
];

/** Returns whether the database has Immich's tables, created by Immich or restored from a copy. */
export async function hasImmichTables(client: ClientBase): Promise<boolean> {
	const { rows } = await client.query<{ found: boolean }>(`SELECT to_regclass('public."user"') IS NOT NULL AS found`);
	return rows[0]?.found ?? false;
}

/**
 * Checks, before anything is written, that Immich's tables have the columns that the mirror relies on.
 * @throws {StartupError} if they lack some
 */
export async function checkAdoptable(client: ClientBase): Promise<void> {
	const { rows } = await client.query<{ table: string; column: string }>(
		`SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns WHERE table_schema = 'public'`
	);
	const present = new Set(rows.map((row) => `${row.table}.${row.column}`));
	const missing = columnsOfImmich32
		.map(({ table, column }) => `${table}.${column}`)
		.filter((name) => !present.has(name));
	if (missing.length > 0) {
		throw new StartupError(
			`This database holds tables of another program or of an Immich older than 3.2 (it lacks ${missing.join(', ')}). Update Immich and start it once, or name an empty database.`
		);
	}
}
