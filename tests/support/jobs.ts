import type { Pool } from 'pg';

/** The states of the jobs of one name, oldest first. */
export async function jobStates(pool: Pool, name: string) {
	const { rows } = await pool.query<{ state: string; result: string | null; reason: string | null }>(
		`SELECT state, output->>'result' AS result, output->>'reason' AS reason FROM immich_auth_jobs.job
		WHERE data->>'name' = $1 ORDER BY created_on`,
		[name]
	);
	return rows;
}
