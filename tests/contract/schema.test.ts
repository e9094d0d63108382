import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, migrationsDir, type TestDatabase } from '#tests/support/database.ts';
import { diffMigrationsToSchema } from '../../scripts/schema-engine.ts';

const schemaFile = path.resolve(migrationsDir, '../schema.prisma');

describe('prisma/schema.prisma', () => {
	it('describes exactly the database that the migrations create', { timeout: 120_000 }, async () => {
		const { isEmpty, sql } = await diffMigrationsToSchema(schemaFile, migrationsDir);
		expect(sql.trim()).toBe('-- This is an empty migration.');
		expect(isEmpty).toBe(true);
	});
});

describe("the mirror of Immich's tables", () => {
	let database: TestDatabase;
	let wanted: string[];

	beforeAll(async () => {
		database = await createTestDatabase();
		const [, ...rows] = (await readFile(path.join(import.meta.dirname, 'immich-tables.tsv'), 'utf8'))
			.trimEnd()
			.split('\n');
		wanted = rows;
	});

	afterAll(async () => {
		await database.close();
	});

	it.each(['column', 'constraint', 'index', 'trigger', 'enum'])('has exactly the same %s as Immich', async (kind) => {
		const rows = await describeTables(database.pool, kind);
		expect(rows.sort()).toEqual(wanted.filter((row) => row.startsWith(`${kind}\t`)).sort());
	});
});

/** One query per kind of table object: table, name, definition, and for columns nullability and default. */
const catalogQueries: Record<string, string> = {
	column: `
		SELECT table_name, column_name, CASE WHEN data_type IN ('ARRAY', 'USER-DEFINED') THEN udt_name ELSE data_type END, is_nullable, coalesce(column_default, '')
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
	constraint: `
		SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid), '', ''
		FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
		WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c') AND relname <> '_prisma_migrations'`,
	index: `
		SELECT tablename, indexname, regexp_replace(indexdef, '^CREATE ', ''), '', ''
		FROM pg_indexes
		WHERE schemaname = 'public' AND indexname NOT LIKE 'immich\\_auth\\_%' AND tablename <> '_prisma_migrations'
			AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))`,
	trigger: `
		SELECT event_object_table, trigger_name,
			format('%s %s for each %s -> %s', action_timing, event_manipulation, lower(action_orientation), regexp_replace(action_statement, '^EXECUTE FUNCTION ', '')), '', ''
		FROM information_schema.triggers WHERE trigger_schema = 'public' AND trigger_name NOT LIKE 'immich\\_auth\\_%'`,
	enum: `
		SELECT typname, enumlabel, '', '', ''
		FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid WHERE typnamespace = 'public'::regnamespace`
};

async function describeTables(pool: pg.Pool, kind: string): Promise<string[]> {
	const text = catalogQueries[kind] ?? '';
	const { rows } = await pool.query<string[]>({ text, rowMode: 'array' });
	return rows.map((row) => [kind, ...row].join('\t').trimEnd());
}
