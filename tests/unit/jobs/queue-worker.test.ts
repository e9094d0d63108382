import PgBoss from 'pg-boss';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobRepository, jobSchema } from '#lib/server/features/jobs/job.repository.ts';
import { QueueWorker } from '#lib/server/features/jobs/queue-worker.ts';
import type { JobHandler } from '#lib/server/platform/job.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const queue = 'backgroundTask';
const heartbeatMs = 20_000;
let database: TestDatabase;
let boss: PgBoss;
let worker: QueueWorker;
let isHeld = false;
/** The job that is running, between its two steps. */
let step: { start: Promise<void>; finish: () => void; end: Promise<void>; steps: number };

const silent = { warn: () => {}, error: () => {} } as unknown as Log;

beforeAll(async () => {
	database = await createTestDatabase();
	boss = new PgBoss({
		db: { executeSql: (text, values) => database.pool.query(text, values) },
		schema: jobSchema,
		schedule: false,
		supervise: false
	});
	await boss.start();
	await boss.createQueue(queue, { name: queue, policy: 'short' });
});
afterAll(async () => {
	await boss.stop({ graceful: false });
	await database.close();
});

beforeEach(() => {
	isHeld = false;
	let [start, finish, end] = [() => {}, () => {}, () => {}];
	const finished = new Promise<void>((resolve) => (finish = resolve));
	step = {
		start: new Promise((resolve) => (start = resolve)),
		finish,
		end: new Promise((resolve) => (end = resolve)),
		steps: 0
	};
	const work: JobHandler = async ({ signal }) => {
		try {
			signal.throwIfAborted();
			step.steps++;
			start();
			await finished;
			signal.throwIfAborted();
			step.steps++;
			return 'Done';
		} finally {
			end();
		}
	};
	worker = new QueueWorker(queue, {
		boss,
		repository: new JobRepository(database),
		jobs: new Map([['Two', { queue, work }]]),
		add: () => Promise.resolve(null),
		log: silent,
		isHeld: () => isHeld,
		concurrency: () => 1
	});
});
afterEach(async () => {
	vi.useRealTimers();
	step.finish();
	await worker.stop();
	await database.pool.query(`DELETE FROM ${jobSchema}.job`);
});

const getState = async (id: string | null) => (await boss.getJobById(queue, id ?? ''))?.state;

describe('a job between two steps', () => {
	it('finishes if nothing stops it', async () => {
		const id = await boss.send(queue, { name: 'Two' });
		worker.open();
		await step.start;
		step.finish();
		await expect.poll(() => getState(id)).toBe('completed');
		expect(step.steps).toBe(2);
	});

	it.each([
		['the process stops', () => void worker.stop()],
		[
			'maintenance starts',
			() => {
				isHeld = true;
				worker.interrupt();
			}
		]
	])('is put back when %s', async (_, stop) => {
		const id = await boss.send(queue, { name: 'Two' });
		worker.open();
		await step.start;
		stop();
		step.finish();
		await expect.poll(() => getState(id)).toBe('retry');
		expect(step.steps).toBe(1);
		expect((await boss.getJobById(queue, id ?? ''))?.retryCount).toBe(0);
	});

	it('is left alone when another worker has taken it', async () => {
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		const id = await boss.send(queue, { name: 'Two' });
		worker.open();
		await step.start;
		await database.pool.query(`UPDATE ${jobSchema}.job SET state = 'retry' WHERE id = $1`, [id]);
		const keepAlive = vi.spyOn(JobRepository.prototype, 'keepAlive');
		vi.advanceTimersByTime(heartbeatMs);
		await expect(keepAlive.mock.results[0]?.value).resolves.toBe(false);
		keepAlive.mockRestore();
		// The other worker is at it.
		await database.pool.query(`UPDATE ${jobSchema}.job SET state = 'active' WHERE id = $1`, [id]);
		step.finish();
		await step.end;
		await worker.stop();
		expect(await getState(id)).toBe('active');
		expect(step.steps).toBe(1);
	});

	it('does not start when maintenance begins while it is being fetched', async () => {
		const fetch = boss.fetch.bind(boss);
		const id = await boss.send(queue, { name: 'Two' });
		const spy = vi.spyOn(boss, 'fetch').mockImplementation(async () => {
			const jobs = await fetch<object>(queue, { includeMetadata: true });
			isHeld = true;
			return jobs;
		});
		worker.open();
		await expect.poll(() => getState(id)).toBe('retry');
		spy.mockRestore();
		expect(step.steps).toBe(0);
	});
});
