import type { Pool } from 'pg';

/** Dumps the whole database as one text, bytes in hex. */
export async function dumpDatabase(pool: Pool): Promise<string> {
	const { rows } = await pool.query<{ name: string }>(
		`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
		WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`
	);
	const tables = await Promise.all(
		rows.map(({ name }) => pool.query<{ row: string }>(`SELECT to_jsonb(t)::text AS "row" FROM ${name} AS t`))
	);
	return tables.flatMap((table) => table.rows.map(({ row }) => row)).join('\n');
}
