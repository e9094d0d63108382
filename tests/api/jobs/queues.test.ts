import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { queueNames, workNames } from '#lib/contract/jobs/queue-names.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let token = '';

const zero = { active: 0, completed: 0, failed: 0, delayed: 0, waiting: 0, paused: 0 };
const call = (method: string, path: string, body?: unknown) =>
	api.request(method, `/api/${path}`, { token, ...(body !== undefined && { body }) });
const answered = async (method: string, path: string, body?: unknown) => {
	const reply = await call(method, path, body);
	return [reply.status, reply.body];
};

/** Inserts a job directly into pg-boss's table. */
const put = async (queue: string, state: string, name = 'SessionCleanup', startAfter = 'now()') => {
	await api.pool.query(`SELECT immich_auth_jobs.create_queue($1, '{}')`, [queue]);
	await api.pool.query(
		`INSERT INTO immich_auth_jobs.job ("name", "state", "data", "start_after", "completed_on", "output")
		VALUES ($1, $2::immich_auth_jobs.job_state, $3, ${startAfter}, now(), $4)`,
		[queue, state, { name, data: { a: 'b' } }, { reason: 'The disk is full' }]
	);
};

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'Ada' }));
});
afterEach(async () => {
	await api.pool.query('DELETE FROM immich_auth_jobs.job; DELETE FROM immich_auth.job_queue');
});

describe('GET /queues', () => {
	it("lists all of Immich's queues in its order, with zeros for idle ones", async () => {
		expect(await answered('GET', 'queues')).toEqual([
			200,
			queueNames.map((name) => ({ name, isPaused: false, statistics: zero }))
		]);
	});

	it('counts waiting, delayed, failed and completed jobs', async () => {
		for (const state of ['created', 'retry', 'failed', 'completed']) await put('migration', state);
		await put('migration', 'created', 'SendMail', `now() + interval '1 hour'`);
		const statistics = { ...zero, waiting: 2, delayed: 1, failed: 1, completed: 1 };
		expect(await answered('GET', 'queues/migration')).toEqual([
			200,
			{ name: 'migration', isPaused: false, statistics }
		]);
	});

	it('returns 400 for a queue unknown to Immich, including our own', async () => {
		for (const name of ['nightly', 'BackgroundTask', '__proto__', 'x'])
			expect((await call('GET', `queues/${name}`)).status).toBe(400);
	});
});

describe('PUT /queues/{name}', () => {
	it('pauses and resumes, counts waiting jobs as paused, and records it once', async () => {
		await put('notifications', 'created', 'SendMail');
		for (let round = 0; round < 2; round++)
			expect(await answered('PUT', 'queues/notifications', { isPaused: true })).toEqual([
				200,
				{ name: 'notifications', isPaused: true, statistics: { ...zero, paused: 1 } }
			]);
		expect(await answered('PUT', 'queues/notifications', {})).toMatchObject([200, { isPaused: true }]);
		expect((await call('GET', 'queues/notifications/jobs?status=waiting')).body).toEqual([]);
		expect((await call('GET', 'queues/notifications/jobs?status=paused')).body).toHaveLength(1);
		expect(await answered('PUT', 'queues/notifications', { isPaused: false })).toMatchObject([
			200,
			{ isPaused: false, statistics: { waiting: 1, paused: 0 } }
		]);
		const story = await new AuditLog(api, token).story();
		expect(story.filter((line) => line.includes('queue.'))).toEqual(['Ada: queue.pause', 'Ada: queue.resume']);
	});

	it('does not pause background tasks: 400, and like Immich 200 without effect for the older command', async () => {
		const refusal = [400, message('The BackgroundTask queue cannot be paused')];
		expect(await answered('PUT', 'queues/backgroundTask', { isPaused: true })).toEqual(refusal);
		expect(await answered('PUT', 'jobs/backgroundTask', { command: 'pause' })).toMatchObject([
			200,
			{ queueStatus: { isPaused: false } }
		]);
		expect(await answered('PUT', 'queues/backgroundTask', { isPaused: false })).toMatchObject([200, {}]);
	});

	it('returns 400 for other types', async () => {
		for (const isPaused of ['true', 1, null])
			expect((await call('PUT', 'queues/search', { isPaused })).status).toBe(400);
	});
});

describe('jobs of a queue', () => {
	it("are listed by one or several states, with Immich's names only", async () => {
		for (const state of ['created', 'failed', 'completed']) await put('sidecar', state);
		await put('sidecar', 'created', 'SomethingNew');
		const list = async (query: string) => {
			const { body } = await call('GET', `queues/sidecar/jobs${query}`);
			expect(body).toBeInstanceOf(Array);
			return (body as unknown[]).length;
		};
		expect(await list('')).toBe(3);
		expect(await list('?status=failed')).toBe(1);
		expect(await list('?status=failed&status=completed')).toBe(2);
		expect(await list('?status=active')).toBe(0);
		expect((await call('GET', 'queues/sidecar/jobs?status=gone')).status).toBe(400);
		const { body } = await call('GET', 'queues/sidecar/jobs?status=failed');
		expect(body).toEqual([
			{
				id: expect.any(String) as string,
				name: 'SessionCleanup',
				timestamp: expect.any(Number) as number,
				data: { a: 'b' }
			}
		]);
	});

	it('are removed by DELETE if not started, and failed ones on request', async () => {
		for (const state of ['created', 'retry', 'failed', 'active']) await put('ocr', state);
		expect(await answered('DELETE', 'queues/ocr/jobs')).toEqual([204, '']);
		expect((await call('GET', 'queues/ocr')).body).toMatchObject({ statistics: { ...zero, failed: 1, active: 1 } });
		expect(await answered('DELETE', 'queues/ocr/jobs', { failed: true })).toEqual([204, '']);
		expect((await call('GET', 'queues/ocr')).body).toMatchObject({ statistics: { ...zero, active: 1 } });
		expect((await call('DELETE', 'queues/ocr/jobs', { failed: 'yes' })).status).toBe(400);
	});

	it('are retried by POST …/retry if failed', async () => {
		await put('library', 'failed');
		expect(await answered('POST', 'queues/library/retry')).toMatchObject([
			200,
			{ statistics: { ...zero, waiting: 1 } }
		]);
		const [row] = (
			await api.pool.query<{ retry_count: number; output: unknown }>(
				`SELECT retry_count, output FROM immich_auth_jobs.job WHERE name = 'library'`
			)
		).rows;
		expect(row).toEqual({ retry_count: 0, output: null });
	});

	it('are retried and recorded by the form “Retry failed” of the jobs page too', async () => {
		await put('library', 'failed');
		const reply = await api.submit('/admin/jobs?/retry', { queue: 'library' }, buildCookie(token));
		expect([reply.status, reply.headers.location]).toEqual([303, '/admin/jobs']);
		expect((await call('GET', 'queues/library')).body).toMatchObject({ statistics: { ...zero, waiting: 1 } });
		const event = await api.prisma.auditEvent.findFirst({ orderBy: { id: 'desc' } });
		expect(event?.action).toBe('queue.retry');
	});

	it.each(['', 'nothing', '__proto__'])('are left unchanged by the form for the invalid queue %j', async (name) => {
		await put('library', 'failed');
		expect((await api.submit('/admin/jobs?/retry', { queue: name }, buildCookie(token))).status).toBe(400);
		expect((await call('GET', 'queues/library')).body).toMatchObject({ statistics: { ...zero, failed: 1 } });
	});

	it.each(workNames)('are run by POST for %s', async (name) => {
		expect(await answered('POST', 'queues/backgroundTask/jobs', { name })).toEqual([204, '']);
		await expect
			.poll(async () => (await call('GET', 'queues/backgroundTask')).body)
			.toMatchObject({ statistics: { ...zero, completed: 1 } });
	});

	it('are rejected by POST if they have no implementation here', async () => {
		expect((await call('POST', 'queues/backgroundTask/jobs', { name: 'SmartSearch' })).status).toBe(400);
		expect(await answered('POST', 'queues/ocr/jobs', { name: 'SessionCleanup' })).toEqual([
			400,
			message('Invalid job name: SessionCleanup')
		]);
	});
});

describe('an operation that cannot be recorded', () => {
	it('is not carried out', async () => {
		await put('library', 'failed');
		await put('library', 'created');
		await api.pool.query(`CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'The log is full'; END $$`);
		await api.pool.query(`CREATE TRIGGER immich_auth_full BEFORE INSERT ON immich_auth.audit_event
			FOR EACH ROW EXECUTE FUNCTION full_up()`);
		try {
			const orders = [
				['DELETE', 'queues/library/jobs', { failed: true }],
				['POST', 'queues/library/retry', undefined],
				['POST', 'queues/backgroundTask/jobs', { name: 'SessionCleanup' }],
				['PUT', 'jobs/library', { command: 'empty' }],
				['PUT', 'jobs/library', { command: 'clear-failed' }],
				['PUT', 'jobs/library', { command: 'pause' }]
			] as const;
			for (const [method, path, body] of orders) expect((await call(method, path, body)).status, path).toBe(500);
		} finally {
			await api.pool.query('DROP TRIGGER immich_auth_full ON immich_auth.audit_event; DROP FUNCTION full_up');
		}
		expect((await call('GET', 'queues/library')).body).toMatchObject({
			isPaused: false,
			statistics: { ...zero, failed: 1, waiting: 1 }
		});
		expect((await call('GET', 'queues/backgroundTask')).body).toMatchObject({ statistics: zero });
	});
});

describe('/jobs, for older clients', () => {
	it('GET lists every queue by name', async () => {
		const { status, body } = await call('GET', 'jobs');
		expect(status).toBe(200);
		expect(Object.keys(body as object)).toEqual([...queueNames]);
		expect(body).toMatchObject({ ocr: { jobCounts: zero, queueStatus: { isActive: false, isPaused: false } } });
	});

	it('PUT pauses, resumes, empties, clears and starts', async () => {
		await put('editor', 'failed');
		await put('editor', 'created');
		const after = (command: string) => answered('PUT', 'jobs/editor', { command });
		expect(await after('pause')).toMatchObject([200, { queueStatus: { isPaused: true }, jobCounts: { paused: 1 } }]);
		expect(await after('empty')).toMatchObject([200, { jobCounts: { ...zero, failed: 1 } }]);
		expect(await after('clear-failed')).toMatchObject([200, { jobCounts: zero }]);
		expect(await after('resume')).toMatchObject([200, { queueStatus: { isPaused: false } }]);
		expect(await after('start')).toEqual([400, message('Invalid job name: editor')]);
		expect((await call('PUT', 'jobs/ocr', { command: 'start', force: true })).status).toBe(200);
		await put('ocr', 'active');
		expect(await answered('PUT', 'jobs/ocr', { command: 'start' })).toEqual([400, message('Job is already running')]);
		expect((await call('PUT', 'jobs/ocr', { command: 'stop' })).status).toBe(400);
		expect((await call('PUT', 'jobs/nothing', { command: 'pause' })).status).toBe(400);
	});

	it.each(['thumbnailGeneration', 'metadataExtraction'])(
		'PUT starts %s for all photos without thumbnails',
		async (queue) => {
			const { user } = await api.accounts.signIn();
			const id = await new Sharing(api.prisma).makePhoto(user.id);
			expect((await call('PUT', `jobs/${queue}`, { command: 'start', force: false })).status).toBe(200);
			// Its file doesn't exist, so the thumbnail job says that there is no readable photo.
			await expect
				.poll(
					async () =>
						(
							await api.prisma.$queryRaw<unknown[]>`
				SELECT 1 FROM immich_auth_jobs.job WHERE "data"->>'name' = 'AssetGenerateThumbnails' AND "data"->'data'->>'id' = ${id}
			`
						).length
				)
				.toBeGreaterThan(0);
			expect(await new AuditLog(api, token).story()).toContain('Ada: job.start');
			await api.prisma.asset.delete({ where: { id } });
		}
	);

	it('POST starts the user cleanup and rejects jobs without an implementation here', async () => {
		expect(await answered('POST', 'jobs', { name: 'user-cleanup' })).toEqual([204, '']);
		expect(await answered('POST', 'jobs', { name: 'tag-cleanup' })).toEqual([400, message('Invalid job name')]);
		expect((await call('POST', 'jobs', { name: 'UserDeleteCheck' })).status).toBe(400);
		expect((await call('POST', 'jobs', {})).status).toBe(400);
		expect(await new AuditLog(api, token).story()).toContain('Ada: job.start');
	});
});

describe('the version check', () => {
	it('has no result before it is enabled', async () => {
		const nothing = { checkedAt: null, releaseVersion: null };
		expect(await answered('GET', 'server/version-check')).toEqual([200, nothing]);
		expect(await answered('GET', 'system-metadata/version-check-state')).toEqual([200, nothing]);
		const { token: person } = await api.accounts.signIn();
		expect((await api.request('GET', '/api/server/version-check', { token: person })).status).toBe(200);
	});

	it('returns the stored state', async () => {
		const state = { checkedAt: '2026-11-23T01:02:03.000Z', releaseVersion: 'v3.3.0' };
		await api.prisma.systemMetadata.create({ data: { key: 'version-check-state', value: state } });
		expect(await answered('GET', 'server/version-check')).toEqual([200, state]);
	});
});
