import type { Api } from './api.ts';

/** A lock held by a test, as a statement and its values. */
export type Lock = readonly [sql: string, values: readonly unknown[]];

export const userRow = (id: string): Lock => ['SELECT 1 FROM "user" WHERE "id" = $1 FOR UPDATE', [id]];
export const advisoryLock = (name: string): Lock => ['SELECT pg_advisory_xact_lock(hashtext($1))', [name]];

/**
 * Takes a lock, starts a request that needs it, and runs `meanwhile` once the request waits, before releasing the lock.
 * Throws if the request does not wait.
 */
export async function whileItWaits<Result>(
	api: Api,
	[sql, values]: Lock,
	begin: () => Promise<Result>,
	meanwhile: () => Promise<unknown>
): Promise<Result> {
	const holder = await api.pool.connect();
	try {
		await holder.query('BEGIN');
		await holder.query(sql, [...values]);
		const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS "pid"');
		const progress = { isOver: false };
		const reply = begin().finally(() => (progress.isOver = true));
		const waits = 'SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids("pid"))';
		while ((await api.pool.query(waits, [rows[0]?.pid])).rowCount === 0)
			if (progress.isOver) throw new Error('The request did not wait for the lock');
		await meanwhile();
		await holder.query('COMMIT');
		return await reply;
	} finally {
		holder.release(true);
	}
}
