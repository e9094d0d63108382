import PgBoss from 'pg-boss';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueues } from '#lib/server/features/jobs/job-queues.ts';
import { jobSchema } from '#lib/server/features/jobs/job.repository.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
	const executeSql = (text: string, values: unknown[]) => database.pool.query(text, values);
	const boss = new PgBoss({ db: { executeSql }, schema: jobSchema, schedule: false, supervise: false });
	await boss.start();
	await boss.stop({ graceful: false });
});
afterAll(() => database.close());

it('servers that start at the same time create the queues together', async () => {
	const names = Array.from({ length: 12 }, (_, index) => `queue ${String(index)}`);
	// In different orders, as servers of different versions do.
	const orders = [names, names.toReversed(), names.toSorted(), [...names.slice(6), ...names.slice(0, 6)]];
	await Promise.all(orders.map((order) => createQueues(database.pool, order)));
	const { rows } = await database.pool.query<{ name: string }>(`SELECT name FROM ${jobSchema}.queue ORDER BY name`);
	expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});
