import type { Pool } from 'pg';

/** The schemas that a server or a test uses. */
const isOurs = `nspname !~ '^pg_|^information_schema$|_snapshot$'`;

/** Makes servers read everything again. */
const notifyAll = `SELECT pg_notify('immich_auth_people', '*'), pg_notify('immich_auth_accounts', ''),
	pg_notify('immich_auth_settings', ''), pg_notify('immich_auth_maintenance', ''), pg_notify('immich_auth_releases', '')`;

/** A copy of all rows that several tests of a file restore: recreating them by requests would cost much more. */
export class Snapshot {
	readonly #pool: Pool;
	readonly #schema: string;
	readonly #restoring: string;

	private constructor(pool: Pool, schema: string, restoring: string) {
		this.#pool = pool;
		this.#schema = schema;
		this.#restoring = restoring;
	}

	/** @param schema where the copies are stored */
	static async take(pool: Pool, schema = 'test_snapshot'): Promise<Snapshot> {
		const { rows } = await pool.query<{ name: string; copy: string; columns: string }>(
			`SELECT format('%I.%I', nspname, relname) AS name, format('${schema}.%I', nspname || '.' || relname) AS copy,
				string_agg(format('%I', attname), ', ' ORDER BY attnum) AS columns
			FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
			WHERE ${isOurs} AND relkind = 'r' AND relname <> '_prisma_migrations'
				AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
			GROUP BY nspname, relname`
		);
		const copies = rows.map(({ name, copy, columns }) => `CREATE TABLE ${copy} AS SELECT ${columns} FROM ${name};`);
		await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}; ${copies.join(' ')}`);
		const returns = rows.map(
			({ name, copy, columns }) =>
				`DELETE FROM ${name}; INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${copy};`
		);
		// The replica role skips foreign keys and triggers, so their notifications are sent explicitly.
		return new Snapshot(
			pool,
			schema,
			`BEGIN; SET LOCAL session_replication_role = replica; ${returns.join(' ')}
			${notifyAll}; COMMIT`
		);
	}

	async restore(): Promise<void> {
		await this.#pool.query(this.#restoring);
	}

	async drop(): Promise<void> {
		await this.#pool.query(`DROP SCHEMA ${this.#schema} CASCADE`);
	}
}

/** Describes tables, columns, indexes, triggers, functions, constraints and database settings, to find a changed schema. */
export async function describeSchema(pool: Pool): Promise<string> {
	const namespaces = `(SELECT oid FROM pg_namespace WHERE ${isOurs})`;
	const relations = `(SELECT oid FROM pg_class WHERE relnamespace IN ${namespaces})`;
	const { rows } = await pool.query<{ line: string }>(
		`SELECT line FROM (
			SELECT format('relation %s %s', oid, relname) FROM pg_class WHERE relnamespace IN ${namespaces}
			UNION ALL SELECT format('column %s %s %s %s', attrelid, attname, atttypid, attnotnull)
				FROM pg_attribute WHERE attrelid IN ${relations}
			UNION ALL SELECT format('trigger %s %s %s', oid, tgname, tgenabled) FROM pg_trigger WHERE tgrelid IN ${relations}
			UNION ALL SELECT format('function %s %s %s', oid, proname, md5(prosrc)) FROM pg_proc WHERE pronamespace IN ${namespaces}
			UNION ALL SELECT format('constraint %s %s', oid, conname) FROM pg_constraint WHERE connamespace IN ${namespaces}
			UNION ALL SELECT format('setting %s %s', setrole, setconfig) FROM pg_db_role_setting
				WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
		) lines (line) ORDER BY line`
	);
	return rows.map(({ line }) => line).join('\n');
}
