import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { superuser } from './cluster.ts';

export type Address = {
	/** A folder, for a unix socket, or a host name. */
	host: string;
	port: number;
	user: string;
	password?: string;
};

export type Lease = { client: pg.Client; name: string };

export type ConnectAttempt =
	{ state: 'connected'; lease: Lease } | { state: 'busy' } | { state: 'absent'; reason: string };

const leasePrefix = 'immich-auth lease ';
const connectTimeoutMs = 5_000;

/** SQLSTATE cannot_connect_now: the server is starting, recovering or shutting down. */
const cannotConnectNow = '57P03';

/**
 * Opens the connection that this process holds as long as it needs the embedded server. As long as there is any such connection,
 * no other process stops the server.
 */
export async function takeLease(address: Address): Promise<ConnectAttempt> {
	return await connect(address, leasePrefix + randomUUID());
}

/** Tells whether anybody else still needs the server, after the given lease was ended. */
export async function isNeeded(address: Address, ended: Lease): Promise<boolean> {
	const attempt = await connect(address, 'immich-auth');
	// Somebody else is stopping it, or it is gone.
	if (attempt.state !== 'connected') return true;
	try {
		// The server may take a moment to notice the end of a connection, so the ended one is left out by name.
		const { rowCount } = await attempt.lease.client.query(
			'SELECT 1 FROM pg_stat_activity WHERE starts_with(application_name, $1) AND application_name <> $2 LIMIT 1',
			[leasePrefix, ended.name]
		);
		return rowCount !== 0;
	} finally {
		await attempt.lease.client.end();
	}
}

async function connect(address: Address, name: string): Promise<ConnectAttempt> {
	const client = new pg.Client({
		...address,
		database: superuser,
		application_name: name,
		connectionTimeoutMillis: connectTimeoutMs,
		ssl: false
	});
	// Without a listener the end of the server would end this process.
	client.on('error', () => {});
	try {
		await client.connect();
		return { state: 'connected', lease: { client, name } };
	} catch (error) {
		if (error instanceof pg.DatabaseError && error.code === cannotConnectNow) return { state: 'busy' };
		return { state: 'absent', reason: error instanceof Error ? error.message : String(error) };
	}
}
