import type { Pool } from 'pg';

/** A copy of all rows that several tests of a file restore: recreating them by requests would cost much more. */
export class Snapshot {
	readonly #pool: Pool;
	readonly #restoring: string;

	private constructor(pool: Pool, restoring: string) {
		this.#pool = pool;
		this.#restoring = restoring;
	}

	static async take(pool: Pool): Promise<Snapshot> {
		const { rows } = await pool.query<{ name: string; copy: string; columns: string }>(
			`SELECT format('%I.%I', nspname, relname) AS name, format('test_snapshot.%I', nspname || '.' || relname) AS copy,
				string_agg(format('%I', attname), ', ' ORDER BY attnum) AS columns
			FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
			WHERE nspname IN ('public', 'immich_auth') AND relkind = 'r' AND relname <> '_prisma_migrations'
				AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
			GROUP BY nspname, relname`
		);
		const copies = rows.map(({ name, copy, columns }) => `CREATE TABLE ${copy} AS SELECT ${columns} FROM ${name};`);
		await pool.query(`DROP SCHEMA IF EXISTS test_snapshot CASCADE; CREATE SCHEMA test_snapshot; ${copies.join(' ')}`);
		const returns = rows.map(
			({ name, copy, columns }) =>
				`DELETE FROM ${name}; INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${copy};`
		);
		// The replica role skips foreign keys and triggers, so their notifications are sent explicitly.
		return new Snapshot(
			pool,
			`BEGIN; SET LOCAL session_replication_role = replica; ${returns.join(' ')}
			SELECT pg_notify('immich_auth_people', '*'), pg_notify('immich_auth_settings', ''); COMMIT`
		);
	}

	async restore(): Promise<void> {
		await this.#pool.query(this.#restoring);
	}

	async drop(): Promise<void> {
		await this.#pool.query('DROP SCHEMA test_snapshot CASCADE');
	}
}
