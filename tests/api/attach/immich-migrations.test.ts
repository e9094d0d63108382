import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { useImmich } from '#tests/support/attached.ts';
import type { RunningImmich } from '#tests/support/running-immich.ts';

const beside = useImmich();

const tables = [
	'user',
	'session',
	'api_key',
	'user_metadata',
	'system_metadata',
	'notification',
	'shared_link'
] as const;

/** Types that a column is changed to. */
const types = ['text', 'jsonb', 'integer'] as const;

interface Column {
	readonly name: string;
	readonly type: string;
}

/** A change of one column, as a later version of Immich could make it. */
const changesOf = ({ name }: Column, table: string): string[] => [
	`ALTER TABLE "${table}" RENAME COLUMN "${name}" TO "renamed"`,
	`ALTER TABLE "${table}" DROP COLUMN "${name}"`,
	`ALTER TABLE "${table}" DROP COLUMN "${name}" CASCADE`,
	...types.map(
		(type) =>
			`ALTER TABLE "${table}" ALTER COLUMN "${name}" DROP DEFAULT, ALTER COLUMN "${name}" DROP NOT NULL,
			ALTER COLUMN "${name}" TYPE ${type} USING NULL`
	)
];

/** Runs a statement in a subtransaction and returns its error's code. */
const attemptFunction = `
	CREATE OR REPLACE FUNCTION pg_temp.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
	BEGIN
		EXECUTE statement;
		RETURN NULL;
	EXCEPTION WHEN OTHERS THEN
		RETURN statement || ': ' || SQLSTATE;
	END
	$$`;

/** Runs statements one after the other; returns those that failed, and their errors' codes. */
async function attempt(client: pg.ClientBase, statements: readonly string[]): Promise<string[]> {
	const { rows } = await client.query<{ failure: string | null }>(
		`SELECT pg_temp.attempt(statement) AS failure FROM unnest($1::text[]) AS statement`,
		[statements]
	);
	return rows.flatMap(({ failure }) => failure ?? []);
}

/** Writes to every table and returns what failed. */
async function writeAll(client: pg.ClientBase): Promise<string[]> {
	const { rows } = await client.query<{ table: string; column: string }>(
		`SELECT DISTINCT ON (relname) relname AS "table", attname AS "column" FROM pg_attribute
		JOIN pg_class ON pg_class.oid = attrelid
		WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1) AND attnum > 0 AND NOT attisdropped
		ORDER BY relname, attnum`,
		[[...tables]]
	);
	return attempt(
		client,
		rows.flatMap(({ table, column }) => [
			`UPDATE "${table}" SET "${column}" = "${column}"`,
			`WITH gone AS (DELETE FROM "${table}" RETURNING *) INSERT INTO "${table}" SELECT * FROM gone LIMIT 1`,
			`TRUNCATE "${table}" CASCADE`
		])
	);
}

async function fill(immich: RunningImmich): Promise<void> {
	const ids = await immich.addUsers(3);
	await immich.addSessions(ids, 6);
	await immich.pool.query(
		`INSERT INTO api_key ("name", "key", "userId", "permissions") SELECT 'Key', decode(md5(id::text), 'hex'), id, '{all}' FROM "user";
		INSERT INTO user_metadata ("userId", "key", "value") SELECT id, 'preferences', '{}' FROM "user";
		INSERT INTO system_metadata ("key", "value") VALUES ('system-config', '{}'), ('maintenance-mode', '{"isMaintenanceMode": false}');
		INSERT INTO notification ("userId", "title") SELECT id, 'Hello' FROM "user"`
	);
	await immich.pool.query(
		`INSERT INTO shared_link ("userId", "key", "type") SELECT id, decode(md5(id::text), 'hex'), 'ALBUM' FROM "user"`
	);
}

describe("Immich's own later migrations", () => {
	it(
		'and what it writes after them fail or succeed as without us, whichever column is renamed, retyped or dropped',
		{ timeout: 180_000 },
		async () => {
			const [attached, alone] = [await beside.createImmich('3.2'), await beside.createImmich('3.2')];
			await Promise.all([fill(attached), fill(alone)]);
			await (await beside.attach(attached.url)).stop();
			const { rows } = await alone.pool.query<Column & { table: string }>(
				`SELECT relname AS "table", attname AS name, atttypid::regtype::text AS type FROM pg_attribute
				JOIN pg_class ON pg_class.oid = attrelid
				WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1) AND attnum > 0 AND NOT attisdropped
				ORDER BY relname, attnum`,
				[[...tables]]
			);
			expect(rows.length).toBeGreaterThan(60);
			let compared = 0;
			for (const { table, ...column } of rows)
				for (const change of changesOf(column, table)) {
					const [here, there] = await Promise.all([migrateAndWrite(attached, change), migrateAndWrite(alone, change)]);
					expect({ change, failures: here }).toEqual({ change, failures: there });
					compared++;
				}
			expect(compared).toBe(rows.length * 6);
		}
	);
});

async function migrateAndWrite(immich: RunningImmich, change: string): Promise<string[]> {
	const client = await immich.pool.connect();
	try {
		await client.query('BEGIN');
		await client.query(attemptFunction);
		const failures = await attempt(client, [change]);
		return failures.length > 0 ? failures : await writeAll(client);
	} finally {
		await client.query('ROLLBACK');
		client.release();
	}
}
