import type { Pool } from 'pg';
import PgBoss from 'pg-boss';
import { jobSchema } from './job.repository.ts';

const queueOptions = {
	// One waiting job per kind; jobs with different data are of different kinds.
	policy: 'short',
	retryLimit: 3,
	retryDelay: 30,
	retryBackoff: true,
	// How long a job can go without a heartbeat; workers send them more often, see QueueWorker.
	expireInSeconds: 60
} as const;

/**
 * Creates the queues that don't exist yet; pg-boss's tables must exist. One server at a time: each new queue gets a table with a
 * foreign key, and two servers that create different ones wait for each other's lock on the table of queues.
 */
export async function createQueues(pool: Pool, names: readonly string[]): Promise<void> {
	const client = await pool.connect();
	const executeSql = (text: string, values: unknown[]) => client.query<Record<string, unknown>>(text, values);
	const boss = new PgBoss({ db: { executeSql }, schema: jobSchema, schedule: false, supervise: false });
	try {
		await client.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('immich_auth.queues'))`);
		for (const name of names) await boss.createQueue(name, { name, ...queueOptions });
		await client.query('COMMIT');
		client.release();
	} catch (error) {
		// Closing the connection rolls the transaction back.
		client.release(true);
		throw error;
	}
}
