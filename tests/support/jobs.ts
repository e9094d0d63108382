import PgBoss from 'pg-boss';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import type { Api } from './api.ts';

/** The states of the jobs of one name, oldest first. */
export async function jobStates(pool: Pool, name: string) {
	const { rows } = await pool.query<{ state: string; result: string | null; reason: string | null }>(
		`SELECT state, output->>'result' AS result, output->>'reason' AS reason FROM immich_auth_jobs.job
		WHERE data->>'name' = $1 ORDER BY created_on`,
		[name]
	);
	return rows;
}

/** Gives up the jobs whose workers have been silent for too long, as each server does every 30 seconds. */
export async function giveUpSilentJobs(pool: Pool): Promise<void> {
	const executeSql = (text: string, values: unknown[]) => pool.query(text, values);
	const boss = new PgBoss({ db: { executeSql }, schema: 'immich_auth_jobs', schedule: false, supervise: false });
	await boss.start();
	await boss.expire();
	await boss.stop({ graceful: false });
}

/** Waits until no job is running or due soon. */
export async function waitForJobs(pool: Pool): Promise<void> {
	const isIdle = async () => {
		const { rowCount } = await pool.query(
			`SELECT FROM immich_auth_jobs.job WHERE "state" = 'active'
			OR ("state" IN ('created', 'retry') AND "start_after" < now() + interval '5 seconds')`
		);
		return rowCount === 0;
	};
	await expect.poll(isIdle, { timeout: 30_000 }).toBe(true);
}

/** Runs a job as an admin, and returns its result. */
export async function runJob(api: Api, token: string, name: string): Promise<string> {
	const reply = await api.request('POST', '/api/queues/backgroundTask/jobs', { token, body: { name } });
	expect(reply.status, reply.text).toBe(204);
	const states = async () => (await jobStates(api.pool, name)).map(({ state }) => state);
	await expect.poll(states, { timeout: 20_000 }).toEqual(['completed']);
	return (await jobStates(api.pool, name))[0]?.result ?? '';
}
