import pg from 'pg';
import { superuser } from './cluster.ts';

export type Address = {
	/** A folder, for a unix socket, or a host name. */
	host: string;
	port: number;
	user: string;
	password?: string;
};

export type ConnectAttempt =
	{ state: 'connected'; lease: pg.Client } | { state: 'busy' } | { state: 'absent'; reason: string };

/** Held shared by every process that needs the server, and exclusively by the one that stops it. */
const leaseKey = 1_768_777_064;

const connectTimeoutMs = 5_000;

/** SQLSTATEs of a server that is starting, recovering or shutting down: cannot_connect_now, admin_shutdown, crash_shutdown. */
const passingStates = new Set(['57P03', '57P01', '57P02']);

/**
 * Opens the connection that this process holds as long as it needs the embedded server, and waits at it while another process is
 * stopping the server: then the answer is `busy`.
 */
export async function takeLease(address: Address): Promise<ConnectAttempt> {
	const lease = new pg.Client({
		...address,
		database: superuser,
		application_name: 'immich-auth lease',
		connectionTimeoutMillis: connectTimeoutMs,
		ssl: false
	});
	// Without a listener the end of the server would end this process.
	lease.on('error', () => {});
	let isConnected = false;
	try {
		await lease.connect();
		isConnected = true;
		await lease.query('SELECT pg_advisory_lock_shared($1)', [leaseKey]);
		return { state: 'connected', lease };
	} catch (error) {
		if (isConnected) await lease.end().catch(() => {});
		const isPassing = error instanceof pg.DatabaseError ? passingStates.has(error.code ?? '') : isConnected;
		if (isPassing) return { state: 'busy' };
		return { state: 'absent', reason: error instanceof Error ? error.message : String(error) };
	}
}

/**
 * Gives the lease up and answers whether it was the last one. If so, the connection stays open and keeps newcomers waiting until
 * the server is stopped; otherwise it is closed.
 */
export async function giveUpLease(lease: pg.Client): Promise<'last' | 'not last'> {
	try {
		await lease.query('SELECT pg_advisory_unlock_shared($1)', [leaseKey]);
		const { rows } = await lease.query<{ isLast: boolean }>('SELECT pg_try_advisory_lock($1) AS "isLast"', [leaseKey]);
		if (rows[0]?.isLast) return 'last';
	} catch {
		// The server is gone already.
	}
	await lease.end().catch(() => {});
	return 'not last';
}
