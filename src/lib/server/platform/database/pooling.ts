import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseClient } from './client.ts';
import { StartupError } from './startup-error.ts';

/** Whether a connection keeps its server process, or a pooler can give it a different one for each transaction. */
export type Pooling = 'session' | 'transaction';

const channel = 'immich_auth_probe';
const arrivalTimeoutMs = 5_000;

/**
 * Detects whether connections keep their session, as they do without a pooler: then a notification from one reaches another
 * that listens. If none arrives in time, it is safe to assume that they don't.
 */
export async function detectPooling(connection: pg.ClientConfig): Promise<Pooling> {
	const [listener, sender] = [new DatabaseClient(connection), new DatabaseClient(connection)];
	for (const client of [listener, sender]) client.on('error', () => {});
	const over = new AbortController();
	try {
		await Promise.all([listener.connect(), sender.connect()]);
		const token = randomUUID();
		const received = new Promise<Pooling>((resolve) => {
			listener.on('notification', ({ payload }) => {
				if (payload === token) resolve('session');
			});
		});
		await listener.query(`LISTEN ${channel}`);
		const listening = await getServerProcess(listener);
		const sending = await getServerProcess(sender);
		await sender.query('SELECT pg_notify($1, $2)', [channel, token]);
		// Two open connections sharing a server process: only a pooler does that.
		if (listening === sending) return 'transaction';
		const late = sleep(arrivalTimeoutMs, 'transaction' as const, { signal: over.signal });
		late.catch(() => {});
		return await Promise.race([received, late]);
	} finally {
		over.abort();
		await Promise.all([listener, sender].map((client) => client.end().catch(() => {})));
	}
}

async function getServerProcess(client: pg.Client): Promise<number | undefined> {
	const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
	return rows[0]?.pid;
}

interface Defaults {
	readonly role: string;
	readonly schema: string | null;
	readonly isReadOnly: boolean;
	readonly wrong: readonly string[];
}

/** Settings without which data would be read or written wrongly, or connections would end, and not even an error would tell. */
const requiredDefaults = {
	default_transaction_isolation: 'read committed',
	session_replication_role: 'origin',
	array_nulls: 'on',
	exit_on_error: 'off',
	gin_fuzzy_search_limit: '0',
	transform_null_equals: 'off'
};
const requiredRows = Object.entries(requiredDefaults).map(
	([name, value]) => `(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)})`
);

/**
 * Behind a transaction pooler, settings can't be set per connection, so those of the role and the database must be right.
 *
 * @throws StartupError that names the statement to run
 */
export async function checkDefaultSettings(client: pg.Client): Promise<void> {
	const { rows } = await client.query<Defaults>(`
		SELECT quote_ident(session_user) AS "role", (current_schemas(false))[1]::text AS "schema",
			current_setting('default_transaction_read_only')::bool AS "isReadOnly",
			ARRAY(SELECT format('%s = %L', name, value) FROM (VALUES ${requiredRows.join(', ')}) AS required(name, value)
				WHERE current_setting(name) <> value) AS "wrong"`);
	const [found] = rows;
	if (!found) return;
	const wrong = [
		...(found.schema === 'public' ? [] : ['search_path = public']),
		...(found.isReadOnly ? ['default_transaction_read_only = off'] : []),
		...found.wrong
	];
	if (wrong.length === 0) return;
	const statements = wrong.map((setting) => `ALTER ROLE ${found.role} SET ${setting};`).join(' ');
	throw new StartupError(
		`DATABASE_URL leads through a connection pooler in transaction mode, where immich-auth can't change session settings. Run ${statements} and reconnect the pooler, or use session mode.`
	);
}

/** Logged if the database is reached through such a pooler. */
export const transactionPoolerWarning =
	'DATABASE_URL leads through a connection pooler in transaction mode, which delivers no notifications. Every request asks the database who it comes from, and live updates in the browser are delayed. Session mode or a direct connection avoids that';
