import type { Pool } from 'pg';

/**
 * Rewrites bcrypt hashes that start with `$2y$`, which earlier versions stored and Immich's bcrypt rejects. `$2b$` is the
 * same algorithm. If the role is allowed to, triggers are skipped, so that Immich's clients don't see these users as
 * changed.
 */
export async function rewriteHashes(pool: Pool): Promise<number> {
	const client = await pool.connect();
	try {
		await client.query('BEGIN');
		await client.query(`
			DO $$ BEGIN
				PERFORM set_config('session_replication_role', 'replica', TRUE);
			EXCEPTION WHEN insufficient_privilege THEN NULL;
			END $$`);
		const { rowCount } = await client.query(`
			UPDATE "user" SET
				"password" = regexp_replace("password", '^\\$2y\\$', '$2b$'),
				"pinCode" = regexp_replace("pinCode", '^\\$2y\\$', '$2b$')
			WHERE "password" LIKE '$2y$%' OR "pinCode" LIKE '$2y$%'`);
		await client.query('COMMIT');
		return rowCount ?? 0;
	} catch (error) {
		await client.query('ROLLBACK').catch(() => undefined);
		throw error;
	} finally {
		client.release();
	}
}
