import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { createSender } from '#tests/support/http.ts';
import { giveUpSilentJobs, jobStates, runJob } from '#tests/support/jobs.ts';
import { buildPhoto } from '#tests/support/photos.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';

const api = useApi({ isOwn: true });
const others: TestServer[] = [];
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
let token = '';

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'Ada' }));
});
afterEach(() => api.pool.query('DELETE FROM immich_auth_jobs.job'));
afterAll(async () => {
	for (const server of others) await server.stop();
});

const join = async () => {
	const server = await startServer({ DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
	others.push(server);
	return server;
};

const getStates = (name: string) => jobStates(api.pool, name);
const run = (name: string) => runJob(api, token, name);

const deleted = (days: number, fields = {}) =>
	api.accounts.makeUser({ status: 'deleted', deletedAt: daysAgo(days), ...fields });
const getPicturePath = (id: string) => path.join(api.dataDir, 'profile', id, 'a.webp');
const isThere = (file: string) =>
	access(file).then(
		() => true,
		() => false
	);

describe('UserDeleteCheck', () => {
	it('permanently removes users deleted long enough ago with all their data, and no one else', async () => {
		const [due, recent, live] = [await deleted(8, { name: 'Due' }), await deleted(6), await api.accounts.makeUser()];
		for (const { id } of [due, recent, live]) {
			await api.accounts.makeSession(id);
			await api.accounts.makeApiKey(id);
			await api.prisma.asset.create({ data: buildPhoto(id) });
			await mkdir(path.dirname(getPicturePath(id)), { recursive: true });
			await writeFile(getPicturePath(id), 'x');
		}
		expect(await run('UserDeleteCheck')).toBe('1 account removed');
		for (const [{ id }, count] of [
			[due, 0],
			[recent, 1],
			[live, 1]
		] as const) {
			expect(await api.prisma.user.count({ where: { id } })).toBe(count);
			expect(await api.prisma.session.count({ where: { userId: id } })).toBe(count);
			expect(await api.prisma.apiKey.count({ where: { userId: id } })).toBe(count);
			expect(await api.prisma.asset.count({ where: { ownerId: id } })).toBe(count);
			expect(await isThere(getPicturePath(id))).toBe(count === 1);
		}
		expect(await api.prisma.clusterGroup.count({ where: { id: due.clusterGroupId } })).toBe(0);
		const [event] = (await new AuditLog(api, token).read()).filter(({ action }) => action === 'user.remove');
		expect(event).toMatchObject({ actor: null, credential: null, address: null, subject: { id: due.id, name: 'Due' } });
		expect(await run('SessionCleanup')).toContain('removed');
	});

	it('continues if one user cannot be removed, then retries and shows that one', async () => {
		const users = await Promise.all([deleted(30), deleted(30), deleted(30)]);
		const stuck = users.map(({ id }) => id).sort()[1] ?? '';
		await api.pool.query(`CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'This one is stuck'; END $$`);
		await api.pool.query(`CREATE TRIGGER immich_auth_stuck BEFORE DELETE ON "user" FOR EACH ROW
			WHEN (OLD."id" = '${stuck}') EXECUTE FUNCTION stuck()`);
		expect(await run('UserDeleteCheck')).toBe('2 accounts removed; 1 account left for another attempt');
		await expect
			.poll(() => getStates('UserDelete'))
			.toMatchObject([{ state: 'retry', reason: expect.stringContaining('stuck') as string }]);
		// The last of its attempts.
		await api.pool.query(
			`UPDATE immich_auth_jobs.job SET retry_limit = 0, start_after = now() WHERE data->>'name' = 'UserDelete'`
		);
		await run('AuditTableCleanup');
		await expect.poll(() => getStates('UserDelete')).toMatchObject([{ state: 'failed' }]);
		const page = await api.request('GET', '/admin/jobs', {
			cookie: `immich_access_token=${token}`,
			headers: { accept: 'text/html' }
		});
		expect(page.text).toContain('This one is stuck');

		await api.pool.query('DROP TRIGGER immich_auth_stuck ON "user"; DROP FUNCTION stuck');
		expect((await api.request('POST', '/api/queues/backgroundTask/retry', { token })).status).toBe(200);
		await expect.poll(() => getStates('UserDelete')).toMatchObject([{ state: 'completed', result: 'Removed' }]);
		expect(await api.prisma.user.count({ where: { id: stuck } })).toBe(0);
	});
});

describe('two instances', () => {
	const count = 510;
	let other: TestServer | undefined;

	it('run no jobs during maintenance', async () => {
		const started = await api.request('POST', '/api/admin/maintenance', { token, body: { action: 'start' } });
		expect(started.status).toBe(201);
		await api.pool.query(
			`INSERT INTO immich_auth_jobs.job (name, data) VALUES ('backgroundTask', '{"name":"AuditTableCleanup"}')`
		);
		// A server polls for jobs at startup, so the running one has had that long as well.
		other = await join();
		expect(await getStates('AuditTableCleanup')).toMatchObject([{ state: 'created' }]);
		const cookie = started.cookies[0]?.split(';')[0] ?? '';
		expect((await api.request('POST', '/api/admin/maintenance', { cookie, body: { action: 'end' } })).status).toBe(201);
		await expect
			.poll(() => getStates('AuditTableCleanup'), { timeout: 30_000 })
			.toMatchObject([{ state: 'completed' }]);
	});

	it('put a running job back when maintenance starts, after its current step', async () => {
		const users = await Promise.all([deleted(30), deleted(30), deleted(30)]);
		const ids = users.map(({ id }) => id).sort();
		const left = () => api.prisma.user.count({ where: { id: { in: ids } } });
		const holder = await api.pool.connect();
		let cookie: string;
		try {
			await holder.query('BEGIN');
			await holder.query('SELECT 1 FROM "user" WHERE "id" = $1 FOR UPDATE', [ids[0]]);
			await api.request('POST', '/api/queues/backgroundTask/jobs', { token, body: { name: 'UserDeleteCheck' } });
			await expect.poll(() => getStates('UserDeleteCheck')).toMatchObject([{ state: 'active' }]);
			const started = await api.request('POST', '/api/admin/maintenance', { token, body: { action: 'start' } });
			cookie = started.cookies[0]?.split(';')[0] ?? '';
		} finally {
			await holder.query('ROLLBACK');
			holder.release();
		}
		await expect.poll(() => getStates('UserDeleteCheck')).toMatchObject([{ state: 'retry' }]);
		expect(await left()).toBe(2);
		await api.request('POST', '/api/admin/maintenance', { cookie, body: { action: 'end' } });
		await expect.poll(left, { timeout: 30_000 }).toBe(0);
	});

	it('remove each user once, and the other takes over if one is killed midway', async () => {
		// More than one batch.
		const { rows: gone } = await api.pool.query<{ id: string }>(
			`WITH groups AS (INSERT INTO cluster_group SELECT FROM generate_series(1, $1::int) RETURNING id)
			INSERT INTO "user" (email, "clusterGroupId", "deletedAt", status)
			SELECT 'gone-' || id || '@example.test', id, now() - interval '9 days', 'deleted' FROM groups RETURNING id`,
			[count]
		);
		const left = () => api.prisma.user.count({ where: { deletedAt: { not: null }, email: { startsWith: 'gone-' } } });
		const there = other ?? (await join());
		other = undefined;
		// Users are removed in ID order; this one is locked.
		const middle = gone.map(({ id }) => id).sort()[20];
		const holder = await api.pool.connect();
		try {
			await holder.query('BEGIN');
			await holder.query('SELECT 1 FROM "user" WHERE "id" = $1 FOR UPDATE', [middle]);
			const sender = createSender(there.url);
			// The server that receives the request starts the job immediately.
			const asked = await sender.send('POST', '/api/queues/backgroundTask/jobs', {
				token,
				body: { name: 'UserDeleteCheck' }
			});
			expect(asked.status).toBe(204);
			sender.close();
			await expect.poll(left, { interval: 20, timeout: 40_000 }).toBe(count - 20);
			there.process.kill('SIGKILL');
			await once(there.process, 'exit');
		} finally {
			await holder.query('COMMIT');
			holder.release();
		}
		// Simulates the passing of the minute after which a silent job is given up, and of the delay before it is retried.
		await api.pool.query(
			`UPDATE immich_auth_jobs.job SET started_on = now() - interval '10 minutes' WHERE state = 'active'`
		);
		await giveUpSilentJobs(api.pool);
		await api.pool.query(`UPDATE immich_auth_jobs.job SET start_after = now() WHERE state = 'retry'`);
		// Another job wakes the server that is left.
		await run('AuditTableCleanup');
		await expect.poll(left, { timeout: 40_000 }).toBe(0);
		const removals = await api.prisma.auditEvent.findMany({
			where: { action: 'user.remove', subjectEmail: { startsWith: 'gone-' } },
			select: { subjectId: true }
		});
		expect(removals).toHaveLength(count);
		expect(new Set(removals.map(({ subjectId }) => subjectId)).size).toBe(count);
	}, 120_000);
});
