import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { DatabaseClient } from './client.ts';
import { describeConnectionError, isPassing } from './database-url.ts';
import { StartupError } from './startup-error.ts';

const passingErrorsMs = 3_000;
const retryIntervalMs = 250;
const oldestServerVersion = 140_000;

/** Runs `work` on one connection. @throws {StartupError} if there is no usable server */
export async function withClient<Result>(
	connection: pg.ClientConfig,
	signal: AbortSignal,
	work: (client: pg.Client) => Promise<Result>
): Promise<Result> {
	const client = await connectPatiently(connection, signal);
	try {
		return await work(client);
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

/** @throws {StartupError} if the server is too old, can only be read or has another encoding */
export async function checkServer(client: pg.Client): Promise<void> {
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
export async function withSslAsOffered(connection: pg.ClientConfig, signal: AbortSignal): Promise<pg.ClientConfig> {
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
