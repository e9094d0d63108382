import type { ClientBase } from 'pg';
import { StartupError } from './startup-error.ts';

/** Columns of Immich that this server reads or writes, and every supported version has. */
const neededColumns: Readonly<Record<string, readonly string[]>> = {
	user: [
		...['id', 'email', 'password', 'createdAt', 'profileImagePath', 'isAdmin', 'shouldChangePassword', 'deletedAt'],
		...['oauthId', 'updatedAt', 'storageLabel', 'name', 'quotaSizeInBytes', 'quotaUsageInBytes', 'status'],
		...['profileChangedAt', 'updateId', 'avatarColor', 'pinCode']
	],
	session: [
		...['id', 'token', 'createdAt', 'updatedAt', 'userId', 'deviceType', 'deviceOS', 'updateId', 'pinExpiresAt'],
		...['expiresAt', 'parentId', 'isPendingSyncReset', 'appVersion', 'oauthSid']
	],
	api_key: ['id', 'name', 'key', 'userId', 'createdAt', 'updatedAt', 'permissions', 'updateId'],
	notification: [
		...['id', 'createdAt', 'updatedAt', 'deletedAt', 'updateId', 'userId', 'level', 'type', 'data', 'title'],
		...['description', 'readAt']
	],
	user_metadata: ['userId', 'key', 'value', 'updateId', 'updatedAt'],
	system_metadata: ['key', 'value'],
	asset: ['id', 'ownerId', 'status', 'visibility', 'localDateTime', 'deletedAt']
};

/** Tables that no other program has together. */
const ownTables = ['user', 'session', 'api_key', 'user_metadata', 'system_metadata'];

/** What a running Immich's database looks like, as far as versions differ. */
export interface ImmichDatabase {
	/** The oldest version with this form. */
	readonly form: '3.0' | '3.1' | '3.2';
	/** The version that Immich recorded last; null if it recorded none. */
	readonly version: string | null;
	readonly hasClusterGroups: boolean;
	/** Whether a cluster group must have a name. */
	readonly isClusterGroupNamed: boolean;
	readonly hasBearerToken: boolean;
	/** If not, no password is an empty text. */
	readonly isPasswordNullable: boolean;
}

interface Column {
	readonly table: string;
	readonly column: string;
	readonly isNullable: boolean;
	readonly hasDefault: boolean;
}

async function readColumns(client: ClientBase): Promise<ReadonlyMap<string, Column>> {
	const { rows } = await client.query<Column>(
		`SELECT relname AS "table", attname AS "column", NOT attnotnull AS "isNullable", atthasdef AS "hasDefault"
		FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
		WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped`
	);
	return new Map(rows.map((row) => [`${row.table}.${row.column}`, row]));
}

/** Returns whether the database has Immich's tables, created by Immich or restored from a copy. */
export async function hasImmichTables(client: ClientBase): Promise<boolean> {
	const { rows } = await client.query<{ found: boolean }>(
		`SELECT to_regclass('public."user"') IS NOT NULL AND to_regclass('public.kysely_migrations') IS NOT NULL
			OR count(*) >= 3 AS found
		FROM unnest($1::text[]) AS wanted(name) WHERE to_regclass(format('public.%I', name)) IS NOT NULL`,
		[ownTables]
	);
	return rows[0]?.found ?? false;
}

/**
 * Checks, before anything is written, that Immich's tables have the columns that this server relies on, and returns what
 * differs between versions.
 * @throws {StartupError} if they lack some
 */
export async function readImmichDatabase(client: ClientBase): Promise<ImmichDatabase> {
	const columns = await readColumns(client);
	const missing = Object.entries(neededColumns).flatMap(([table, names]) => {
		const lacking = names.filter((name) => !columns.has(`${table}.${name}`));
		return lacking.length === names.length ? [`the table ${table}`] : lacking.map((name) => `${table}.${name}`);
	});
	if (missing.length > 0) {
		throw new StartupError(
			`This database holds tables of another program, of an Immich older than 3.0, or of one that is still migrating (it lacks ${missing.join(', ')}). Update Immich and start it once, or name an empty database.`
		);
	}
	const group = columns.get('user.clusterGroupId');
	if (group && !columns.has('cluster_group.id'))
		throw new StartupError(
			'Immich is still migrating this database (it lacks the table cluster_group). Start Immich once, then immich-auth.'
		);
	const name = columns.get('cluster_group.name');
	const hasBearerToken = columns.has('session.oauthBearerToken');
	return {
		form: group ? (hasBearerToken ? '3.2' : '3.1') : '3.0',
		version: await readVersion(client, columns),
		hasClusterGroups: group !== undefined,
		isClusterGroupNamed: name !== undefined && !name.isNullable && !name.hasDefault,
		hasBearerToken,
		isPasswordNullable: columns.get('user.password')?.isNullable ?? true
	};
}

async function readVersion(client: ClientBase, columns: ReadonlyMap<string, unknown>): Promise<string | null> {
	if (!columns.has('version_history.version') || !columns.has('version_history.createdAt')) return null;
	const { rows } = await client.query<{ version: string }>(
		'SELECT "version"::text FROM public.version_history ORDER BY "createdAt" DESC LIMIT 1'
	);
	return rows[0]?.version.slice(0, 40) ?? null;
}
