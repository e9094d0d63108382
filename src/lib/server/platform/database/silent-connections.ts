import type { Duplex } from 'node:stream';
import pg from 'pg';
import { DatabaseClient } from './client.ts';

/** How long a connection in use may receive nothing before the server is asked whether it still answers. */
const silentMs = 10_000;
const intervalMs = 2_000;
const answerMs = 4_000;

interface Activity {
	readonly bytesRead: number;
	readonly sinceMs: number;
}

/** pg's types omit the connection of a client. */
const getSocket = (client: object): (Duplex & { readonly bytesRead?: number }) | undefined =>
	(client as { connection?: { stream?: Duplex & { bytesRead?: number } } }).connection?.stream;

/**
 * Cuts a pool's connections that wait for a server which no longer answers anyone: a paused container, a broken disk, a
 * network that drops packets. Otherwise their requests would wait for as long as TCP does. Slow queries of a server that
 * answers others are left alone. Returns a function that ends the watch.
 */
export function watchForSilence(
	pool: pg.Pool,
	isAnswering: () => Promise<boolean>,
	limits = { silentMs, intervalMs }
): () => void {
	const inUse = new Map<object, Activity>();
	const measure = (client: object): Activity => ({
		bytesRead: getSocket(client)?.bytesRead ?? 0,
		sinceMs: performance.now()
	});
	pool.on('acquire', (client) => inUse.set(client, measure(client)));
	pool.on('release', (_, client) => inUse.delete(client));
	const listSilent = () =>
		[...inUse].flatMap(([client, last]) => {
			const now = measure(client);
			if (now.bytesRead !== last.bytesRead) inUse.set(client, now);
			return now.bytesRead === last.bytesRead && now.sinceMs - last.sinceMs >= limits.silentMs ? [client] : [];
		});
	let isAsking = false;
	const check = async () => {
		if (isAsking || listSilent().length === 0) return;
		isAsking = true;
		const answers = await isAnswering().finally(() => (isAsking = false));
		if (answers) return;
		for (const client of listSilent())
			getSocket(client)?.destroy(new Error('Connection terminated: the database does not answer'));
	};
	const timer = setInterval(() => void check(), limits.intervalMs);
	timer.unref();
	return () => clearInterval(timer);
}

/** Whether a server answers a new connection, even if only to refuse it. */
export async function isServerAnswering(connection: pg.ClientConfig): Promise<boolean> {
	const client = new DatabaseClient({ ...connection, connectionTimeoutMillis: answerMs, query_timeout: answerMs });
	client.on('error', () => {});
	try {
		await client.connect();
		await client.query('SELECT 1');
		return true;
	} catch (error) {
		return error instanceof pg.DatabaseError;
	} finally {
		// A server that doesn't answer doesn't close connections either.
		void client.end().catch(() => {});
	}
}
