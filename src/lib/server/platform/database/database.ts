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
import { StartupError } from './startup-error.ts';

export type { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type Database = {
	/** For the few queries that Prisma is too slow for. */
	pool: pg.Pool;
	prisma: PrismaClient;
	isEmbedded: boolean;
	/** How to open a connection outside the pool, such as one that listens for notifications. */
	connection: pg.ClientConfig;
	/** Behind a pooler in transaction mode nothing can be listened to. */
	pooling: Pooling;
	/** Ends every connection, and then stops the embedded server unless another process needs it. Not where `resources` was given. */
	close: () => Promise<void>;
};

export type DatabaseOptions = {
	/** Unset, the embedded PostgreSQL serves. */
	databaseUrl?: string | undefined;
	/** Where the address came from, for messages. */
	databaseVariable?: string | undefined;
	/** Where the embedded PostgreSQL keeps its data. */
	dataDir: string;
	/** The folder `prisma/migrations`, wherever the caller has it. */
	migrationsDir: string;
	maxConnections?: number | undefined;
	onProgress?: ((message: string) => void) | undefined;
	/** The caller's list, to which everything opened is added and which the caller closes; unset, a list of its own. */
	resources?: OpenResources | undefined;
	/** Hears of connections that broke while idle; the pool replaces them by itself. */
	onConnectionLost?: ((error: Error) => void) | undefined;
};

const connectTimeoutMs = 4_000;
const passingErrorsMs = 3_000;
const retryIntervalMs = 250;
const defaultMaxConnections = 10;
const oldestServerVersion = 140_000;
const connectionSettings = settingsQuery('connection ends');

/**
 * Connects to the database, or starts the embedded one, and brings it up to date.
 *
 * @throws StartupError in about five seconds when DATABASE_URL names a server that cannot be used
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

/** Names the variables that the address came from, where that was not DATABASE_URL. */
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
	resources.add('connections to the database', async () => {
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
		// Behind a transaction pooler the settings would land on a server connection that others share.
		// eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg waits for the promise; its types do not say so
		...(pooling === 'session' && { onConnect: (client) => client.query(connectionSettings) })
	});
	// Without a listener a server that stops would end this process.
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
	const client = await connectPatiently(connection, signal);
	try {
		await checkServer(client);
		const pooling = isEmbedded ? 'session' : await detectPooling(connection);
		if (pooling === 'transaction') await checkDefaultSettings(client);
		await migrate(client, migrationsDir, onProgress);
		return pooling;
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
}

async function checkServer(client: pg.Client): Promise<void> {
	const { rows } = await client.query<ServerFacts>(
		`SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS "isStandby"`
	);
	const { version, isStandby } = rows[0] ?? { version: 0, isStandby: false };
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
}

/** Does without encryption where it is only preferred and the server does not offer it; pg itself knows no such fallback. */
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

/** Connects, and gives a server that is only just starting a few seconds. */
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
