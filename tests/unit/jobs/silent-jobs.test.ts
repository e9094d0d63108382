import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { JobQueues } from '#lib/server/features/jobs/job-queues.ts';
import { JobRepository, jobSchema } from '#lib/server/features/jobs/job.repository.ts';
import type { JobStore } from '#lib/server/features/jobs/repositories.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import { MetadataRepository } from '#lib/server/platform/database/metadata.repository.ts';
import { createLog } from '#lib/server/platform/log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const queue = 'backgroundTask';
let database: TestDatabase;
let queues: JobQueues;

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	database = await createTestDatabase();
	const current = { system: systemConfigDefaults, immichAuth: immichAuthConfigDefaults };
	queues = new JobQueues({
		pool: database.pool,
		jobs: new Map([['Check', { queue, work: () => Promise.resolve('') }]]),
		store: { jobs: new JobRepository(database), metadata: new MetadataRepository(database) } as unknown as JobStore,
		settings: { current, onChange: () => () => {} } as unknown as SettingsReader,
		log: createLog('fatal'),
		isHeld: () => true
	});
	await queues.start();
});
afterEach(async () => {
	await queues.stop();
	vi.useRealTimers();
	await database.close();
});

it('are given up after a minute without a heartbeat, by a check every 30 seconds', async () => {
	const states = async () => {
		const { rows } = await database.pool.query<{ data: { name: string }; state: string }>(
			`SELECT data, state FROM ${jobSchema}.job ORDER BY data->>'name'`
		);
		return rows.map(({ data, state }) => `${data.name} ${state}`);
	};
	await database.pool.query(
		`INSERT INTO ${jobSchema}.job (name, data, state, started_on, expire_in, retry_limit) VALUES
			($1, '{"name":"Silent"}', 'active', now() - interval '61 seconds', interval '60 seconds', 3),
			($1, '{"name":"Working"}', 'active', now() - interval '30 seconds', interval '60 seconds', 3)`,
		[queue]
	);
	vi.advanceTimersByTime(29_000);
	expect(await states()).toEqual(['Silent active', 'Working active']);
	vi.advanceTimersByTime(1_000);
	await expect.poll(states).toEqual(['Silent retry', 'Working active']);
});
