import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { DatabaseClient, settingsQuery, UnnamedStatementsClient } from './client.ts';
import { checkDatabaseUrl, describeConnectionError, isPassing } from './database-url.ts';
import { OpenResources } from '../open-resources.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded-postgres/index.ts';
import { migrate } from './migrate.ts';
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
	onProgress?: ((message: string) => void) | undefined;
	/** The caller's list, which collects everything opened and which the caller closes; if unset, `close` closes it. */
	resources?: OpenResources | undefined;
	/** Called when an idle connection breaks; the pool replaces it. */
	onConnectionLost?: ((error: Error) => void) | undefined;
};

const connectTimeoutMs = 4_000;
const passingErrorsMs = 3_000;
const retryIntervalMs = 250;
const defaultMaxConnections = 10;
const oldestServerVersion = 140_000;
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
	const onProgress = options.onProgress ?? (() => {});
	const embedded = options.databaseUrl
		? undefined
		: await startEmbeddedPostgres({ dataDir: options.dataDir, onProgress, resources });
	const connection = await withSslAsOffered(connectionConfig(options.databaseUrl, embedded), resources.signal);
	const pooling = await prepare(
		connection,
		embedded !== undefined,
		options.migrationsDir,
		onProgress,
		resources.signal
	);
	const pool = openPool(
		connection,
		options.maxConnections ?? defaultMaxConnections,
		options.onConnectionLost ?? (() => {}),
		pooling
	);
	const prisma = createPrismaClient(pool);
	const endWatch = watchForSilence(pool, () => isServerAnswering(connection));
	resources.add('connections to the database', async () => {
		endWatch();
		await prisma.$disconnect();
		await pool.end();
	});
	return { pool, prisma, isEmbedded: embedded !== undefined, connection, pooling };
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
	isEmbedded: boolean,
	migrationsDir: string,
	onProgress: (message: string) => void,
	signal: AbortSignal
): Promise<Pooling> {
	await withClient(connection, signal, checkServer);
	// Detection can take seconds, during which the database may end idle connections.
	const pooling = isEmbedded ? 'session' : await detectPooling(connection);
	await withClient(connection, signal, async (client) => {
		if (pooling === 'transaction') await checkDefaultSettings(client);
		await migrate(client, migrationsDir, onProgress);
	});
	return pooling;
}

async function withClient(
	connection: pg.ClientConfig,
	signal: AbortSignal,
	work: (client: pg.Client) => Promise<void>
): Promise<void> {
	const client = await connectPatiently(connection, signal);
	try {
		await work(client);
	} catch (error) {
		if (error instanceof StartupError) throw error;
		throw describeConnectionError(error, client);
	} finally {
		await client.end();
	}
}

interface ServerFacts {
	readonly version: number;
	readonly isStandby: boolean;
	readonly encoding: string;
}

async function checkServer(client: pg.Client): Promise<void> {
	const { rows } = await client.query<ServerFacts>(
		`SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS "isStandby",
			current_setting('server_encoding') AS encoding`
	);
	const { version, isStandby, encoding } = rows[0] ?? { version: 0, isStandby: false, encoding: '' };
	if (version < oldestServerVersion) {
		throw new StartupError(
			`The database server is PostgreSQL ${String(Math.floor(version / 10_000))}, and immich-auth needs 14 or later. Upgrade it.`
		);
	}
	if (isStandby) {
		throw new StartupError(
			'The database in DATABASE_URL is a standby, which can only be read. Name the primary server, or promote this one.'
		);
	}
	// SQL_ASCII stores any bytes unchanged.
	if (encoding !== 'UTF8' && encoding !== 'SQL_ASCII') {
		throw new StartupError(
			`The database in DATABASE_URL has the encoding ${encoding}, which can't store every name. Create one with ENCODING 'UTF8' TEMPLATE template0, and move the data with pg_dump.`
		);
	}
}

/** Disables encryption if it is only preferred and the server doesn't offer it; pg itself has no such fallback. */
async function withSslAsOffered(connection: pg.ClientConfig, signal: AbortSignal): Promise<pg.ClientConfig> {
	const { connectionString } = connection;
	if (connectionString === undefined || !/[?&]sslmode=prefer&uselibpqcompat=true/.test(connectionString))
		return connection;
	const plain = { ...connection, connectionString: connectionString.replace('sslmode=prefer', 'sslmode=disable') };
	try {
		const client = await connectPatiently(connection, signal);
		await client.end();
		return connection;
	} catch (error) {
		if (error instanceof Error && /does not support SSL/.test(error.message)) return plain;
		throw error;
	}
}

/** Connects, retrying for a few seconds in case the server is just starting. */
async function connectPatiently(connection: pg.ClientConfig, signal: AbortSignal): Promise<pg.Client> {
	const until = Date.now() + passingErrorsMs;
	for (;;) {
		const client = new DatabaseClient(connection);
		client.on('error', () => {});
		try {
			await client.connect();
			return client;
		} catch (error) {
			if (!isPassing(error) || Date.now() > until) throw describeConnectionError(error, client);
			await sleep(retryIntervalMs, undefined, { signal });
		}
	}
}
