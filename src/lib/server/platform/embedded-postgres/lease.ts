import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { superuser } from './cluster.ts';

export type Address = {
	/** A folder for a Unix socket, or a host name. */
	host: string;
	port: number;
	user: string;
	password?: string;
};

export type ConnectAttempt =
	| { state: 'connected'; lease: pg.Client }
	/** A server that will accept connections later; recovery after a crash can take a long time. */
	| { state: 'busy'; reason: string; isRecovering: boolean }
	/** A server that responds but doesn't accept connections. */
	| { state: 'refused'; reason: string }
	| { state: 'absent'; reason: string };

/** Held in shared mode by every process that needs the server, and exclusively by the one that stops it. */
const leaseKey = 1_768_777_064;

const connectTimeoutMs = 5_000;
const giveUpTimeoutMs = 1_000;

/** SQLSTATE of a server that is starting, recovering or shutting down. */
const notYet = '57P03';
/** SQLSTATEs of a server that is stopping, has no free connection, or is being stopped by another process that holds the lock. */
const passingStates = new Set([notYet, '57P01', '57P02', '53300', '55P03']);

/**
 * Opens the connection that this process holds as long as it needs the embedded server. Waits while another process is stopping
 * the server, then returns `busy`.
 */
export async function takeLease(address: Address): Promise<ConnectAttempt> {
	const lease = new pg.Client({
		...address,
		database: superuser,
		application_name: 'immich-auth lease',
		connectionTimeoutMillis: connectTimeoutMs,
		lock_timeout: connectTimeoutMs,
		ssl: false
	});
	// Without a listener, a stopping server would crash this process.
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
		if (isPassing) return busyWith(error);
		if (error instanceof pg.DatabaseError) {
			const { message, detail, hint } = error;
			return { state: 'refused', reason: [message, detail, hint].filter(Boolean).join('. ') };
		}
		return { state: 'absent', reason: error instanceof Error ? error.message : String(error) };
	}
}

function busyWith(error: unknown): ConnectAttempt {
	if (!(error instanceof pg.DatabaseError))
		return { state: 'busy', reason: 'it is being stopped', isRecovering: false };
	const { message, detail, code } = error;
	const isRecovering = code === notYet && !message.includes('shutting down');
	return { state: 'busy', reason: [message, detail].filter(Boolean).join('. '), isRecovering };
}

/**
 * Gives up the lease and returns whether it was the last one. If so, the connection stays open and keeps other processes waiting
 * until the server is stopped; otherwise it is closed.
 */
export async function giveUpLease(lease: pg.Client): Promise<'last' | 'not last' | 'no answer'> {
	const over = new AbortController();
	const late = sleep(giveUpTimeoutMs, 'no answer' as const, { signal: over.signal });
	late.catch(() => {});
	const answer = askWhetherLast(lease);
	answer.catch(() => {});
	try {
		const standing = await Promise.race([answer, late]);
		if (standing === 'not last') await lease.end().catch(() => {});
		return standing;
	} catch {
		// The server is gone, or closed the connection because it is stopping.
		return 'no answer';
	} finally {
		over.abort();
	}
}

async function askWhetherLast(lease: pg.Client): Promise<'last' | 'not last'> {
	await lease.query('SELECT pg_advisory_unlock_shared($1)', [leaseKey]);
	const { rows } = await lease.query<{ isLast: boolean }>('SELECT pg_try_advisory_lock($1) AS "isLast"', [leaseKey]);
	return rows[0]?.isLast ? 'last' : 'not last';
}
