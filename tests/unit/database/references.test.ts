import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { references } from '#lib/server/platform/database/immich-triggers.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

describe('what stands in for foreign keys beside a running Immich', () => {
	let database: TestDatabase;
	beforeAll(async () => {
		database = await createTestDatabase();
	});
	afterAll(() => database.close());

	it('knows every foreign key from our tables to Immich’s', async () => {
		const { rows } = await database.pool.query<{ target: string; column: string }>(
			`SELECT target.relname AS target, own.relname || '.' || attname AS column FROM pg_constraint
			JOIN pg_class AS own ON own.oid = conrelid JOIN pg_class AS target ON target.oid = confrelid
			JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)
			WHERE contype = 'f' AND own.relnamespace = 'immich_auth'::regnamespace
				AND target.relnamespace = 'public'::regnamespace`
		);
		const known = Object.entries(references).flatMap(([target, columns]) =>
			columns.map((column) => ({ target, column }))
		);
		const sorted = (list: { target: string; column: string }[]) =>
			list.map(({ target, column }) => `${target} ${column}`).sort();
		expect(sorted(known)).toEqual(sorted(rows));
	});
});
