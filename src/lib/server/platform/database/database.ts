import pg from 'pg';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { DatabaseClient, settingsQuery, UnnamedStatementsClient } from './client.ts';
import { checkServer, withClient, withSslAsOffered } from './connecting.ts';
import { checkDatabaseUrl } from './database-url.ts';
import type { ImmichDatabase } from './immich-tables.ts';
import { OpenResources } from '../open-resources.ts';
import { hasEmbeddedData, startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded-postgres/index.ts';
import { migrate, readMigrationState, requireMigrated, type MigrationReport, type MigrationState } from './migrate.ts';
import { checkDefaultSettings, detectPooling, type Pooling } from './pooling.ts';
import { createPrismaClient } from './prisma-client.ts';
import { isServerAnswering, watchForSilence } from './silent-connections.ts';
import { StartupError } from './startup-error.ts';

export type { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type Database = {
	/** For the few queries that Prisma is too slow for. */
	pool: pg.Pool;
	prisma: PrismaClient;
	isEmbedded: boolean;
	/** Options for a connection outside the pool, such as one that listens for notifications. */
	connection: pg.ClientConfig;
	/** Behind a pooler in transaction mode, LISTEN doesn't work. */
	pooling: Pooling;
	/** What opening it has migrated. */
	migrated: MigrationReport;
	/** The running Immich whose database this is; null if the server has one of its own. */
	immich: ImmichDatabase | null;
	/** Closes all connections, and the embedded server unless another process needs it. Only for use without `resources`. */
	close: () => Promise<void>;
};

export type DatabaseOptions = {
	/** If unset, the embedded PostgreSQL is used. */
	databaseUrl?: string | undefined;
	/** The variables that the URL came from, for messages. */
	databaseVariable?: string | undefined;
	/** Where the embedded PostgreSQL keeps its data. */
	dataDir: string;
	/** Path of the folder `prisma/migrations`. */
	migrationsDir: string;
	maxConnections?: number | undefined;
	/** Refuse a database that isn't there or isn't of this version, instead of creating or migrating it. */
	mustBeReady?: boolean | undefined;
	onProgress?: ((message: string) => void) | undefined;
	/** The caller's list, which collects everything opened and which the caller closes; if unset, `close` closes it. */
	resources?: OpenResources | undefined;
	/** Called when an idle connection breaks; the pool replaces it. */
	onConnectionLost?: ((error: Error) => void) | undefined;
};

const connectTimeoutMs = 4_000;
const defaultMaxConnections = 10;
const connectionSettings = settingsQuery('connection ends');

/**
 * Connects to the database, or starts the embedded one, and migrates it.
 *
 * @throws StartupError within about five seconds if DATABASE_URL names an unusable server
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
	const resources = options.resources ?? new OpenResources();
	const close = async () => {
		await resources.closeAll();
	};
	try {
		return { ...(await open(options, resources)), close };
	} catch (error) {
		if (!options.resources) await close();
		throw namingVariable(error, options.databaseVariable);
	}
}

/** Names the variables that the URL came from, if that wasn't DATABASE_URL. */
function namingVariable(error: unknown, variable = 'DATABASE_URL'): unknown {
	if (error instanceof StartupError) error.message = error.message.replaceAll('DATABASE_URL', variable);
	return error;
}

async function open(options: DatabaseOptions, resources: OpenResources): Promise<Omit<Database, 'close'>> {
	const embedded = await openEmbedded(options, resources);
	const connection = await withSslAsOffered(connectionConfig(options.databaseUrl, embedded), resources.signal);
	const { pooling, migrated } = await prepare(connection, options, resources.signal);
	const pool = openPool(
		connection,
		options.maxConnections ?? defaultMaxConnections,
		options.onConnectionLost ?? (() => {}),
		pooling
	);
	const { immich } = migrated;
	const prisma = createPrismaClient(pool, immich);
	const endWatch = watchForSilence(pool, () => isServerAnswering(connection));
	resources.add('connections to the database', async () => {
		endWatch();
		await prisma.$disconnect();
		await pool.end();
	});
	return { pool, prisma, isEmbedded: embedded !== undefined, connection, pooling, migrated, immich };
}

/** What can be seen of a database without changing it. */
export interface Inspection {
	readonly isEmbedded: boolean;
	/** PostgreSQL's version, such as `18.4`. */
	readonly version: string;
	readonly pooling: Pooling;
	readonly migrations: MigrationState;
	/** Whether the user may do everything that the server does. */
	readonly isWritable: boolean;
	/** How many more connections there could be. */
	readonly freeConnections: number;
	/** By how much the database's clock is ahead of this process's, in milliseconds. */
	readonly clockAheadMs: number;
}

interface InspectedRow {
	readonly version: string;
	readonly nowMs: number;
	readonly isWritable: boolean;
	readonly freeConnections: number;
}

const inspectQuery = `
	SELECT current_setting('server_version') AS "version", extract(epoch FROM clock_timestamp())::float8 * 1000 AS "nowMs",
		has_database_privilege(current_database(), 'CREATE')
			AND coalesce(has_table_privilege(to_regclass('public."user"')::oid, 'SELECT, UPDATE'), true)
			AND coalesce(has_table_privilege(to_regclass('public."user"')::oid, 'DELETE'), true) AS "isWritable",
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
			- (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS "freeConnections"`;

/**
 * Looks at a database, starting the embedded one if it isn't running.
 *
 * @throws StartupError as `openDatabase`, except about migrations
 */
export async function inspectDatabase(options: DatabaseOptions & { resources: OpenResources }): Promise<Inspection> {
	const { resources } = options;
	try {
		const embedded = await openEmbedded(options, resources);
		const connection = await withSslAsOffered(connectionConfig(options.databaseUrl, embedded), resources.signal);
		await withClient(connection, resources.signal, checkServer);
		const pooling = embedded ? 'session' : await detectPooling(connection);
		return await withClient(connection, resources.signal, async (client) => {
			// A pooler in statement mode refuses a transaction of several messages.
			await client.query('BEGIN');
			await client.query('ROLLBACK');
			if (pooling === 'transaction') await checkDefaultSettings(client);
			const beforeMs = Date.now();
			const { rows } = await client.query<InspectedRow>(inspectQuery);
			const hereMs = (beforeMs + Date.now()) / 2;
			const { nowMs, ...row } = rows[0] ?? { version: '', nowMs: hereMs, isWritable: false, freeConnections: 0 };
			const migrations = await readMigrationState(client, options.migrationsDir);
			return { ...row, isEmbedded: embedded !== undefined, pooling, migrations, clockAheadMs: nowMs - hereMs };
		});
	} catch (error) {
		throw namingVariable(error, options.databaseVariable);
	}
}

/**
 * Runs `work` on one connection to a database that is not opened or migrated.
 * @throws {StartupError} as `openDatabase`, except about migrations
 */
export async function withDatabase<Result>(
	options: DatabaseOptions & { resources: OpenResources },
	work: (client: pg.Client) => Promise<Result>
): Promise<Result> {
	const { resources } = options;
	try {
		const embedded = await openEmbedded(options, resources);
		const connection = await withSslAsOffered(connectionConfig(options.databaseUrl, embedded), resources.signal);
		await withClient(connection, resources.signal, checkServer);
		return await withClient(connection, resources.signal, work);
	} catch (error) {
		throw namingVariable(error, options.databaseVariable);
	}
}

async function openEmbedded(
	{ databaseUrl, dataDir, mustBeReady, onProgress = () => {} }: DatabaseOptions,
	resources: OpenResources
): Promise<EmbeddedPostgres | undefined> {
	if (databaseUrl) return undefined;
	if (mustBeReady && !(await hasEmbeddedData(dataDir)))
		throw new StartupError(
			`There is no database in ${dataDir}. Set DATA_DIR or DATABASE_URL as for the server; for a new server, start it once.`
		);
	return startEmbeddedPostgres({ dataDir, onProgress, resources });
}

/** Opens a pool whose connections have the session settings that the code relies on: docs/decisions/028. */
export function openPool(
	connection: pg.ClientConfig,
	maxConnections: number,
	onConnectionLost: (error: Error) => void,
	pooling: Pooling = 'session'
): pg.Pool {
	const pool = new pg.Pool({
		...connection,
		max: maxConnections,
		Client: pooling === 'session' ? DatabaseClient : UnnamedStatementsClient,
		// Behind a transaction pooler, the settings would affect a server connection shared with other clients.
		// eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg awaits the promise, but its types do not say so
		...(pooling === 'session' && { onConnect: (client) => client.query(connectionSettings) })
	});
	// Without a listener, a stopping server would crash this process.
	pool.on('error', onConnectionLost);
	return pool;
}

function connectionConfig(databaseUrl: string | undefined, embedded: EmbeddedPostgres | undefined): pg.ClientConfig {
	const common = { application_name: 'immich-auth', connectionTimeoutMillis: connectTimeoutMs };
	if (embedded) return { ...common, ...embedded.connection, ssl: false };
	checkDatabaseUrl(databaseUrl ?? '');
	return { ...common, connectionString: databaseUrl };
}

async function prepare(
	connection: pg.ClientConfig,
	{ databaseUrl, migrationsDir, mustBeReady, onProgress }: DatabaseOptions,
	signal: AbortSignal
): Promise<{ pooling: Pooling; migrated: MigrationReport }> {
	await withClient(connection, signal, checkServer);
	// Detection can take seconds, during which the database may end idle connections.
	const pooling = databaseUrl ? await detectPooling(connection) : 'session';
	const migrated = await withClient(connection, signal, async (client): Promise<MigrationReport> => {
		if (pooling === 'transaction') await checkDefaultSettings(client);
		if (!mustBeReady) return migrate(client, migrationsDir, onProgress);
		return { applied: [], adopted: [], immich: await requireMigrated(client, migrationsDir) };
	});
	return { pooling, migrated };
}
