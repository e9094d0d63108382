import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { createSender } from '#tests/support/http.ts';
import { jobStates } from '#tests/support/jobs.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';

const api = useApi();
const others: TestServer[] = [];
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
let token = '';

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'Ada' }));
});
const stopOthers = async () => {
	for (const server of others.splice(0)) await server.stop();
};
afterEach(() => api.pool.query('DELETE FROM immich_auth_jobs.job'));
afterAll(stopOthers);

const join = async () => {
	const server = await startServer({ DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
	others.push(server);
	return server;
};
const getStates = (name: string) => jobStates(api.pool, name);
const deleted = () => api.accounts.makeUser({ status: 'deleted', deletedAt: daysAgo(30) });

describe('the nightly run', () => {
	it('is done once by two instances with the enabled tasks, and caught up if it was missed', async () => {
		const value = { due: daysAgo(2).toISOString(), at: null, jobs: [] };
		await api.prisma.setting.upsert({
			where: { key: 'nightly-run' },
			create: { key: 'nightly-run', value },
			update: { value }
		});
		await api.prisma.systemMetadata.upsert({
			where: { key: 'system-config' },
			create: { key: 'system-config', value: { nightlyTasks: { syncQuotaUsage: false } } },
			update: { value: { nightlyTasks: { syncQuotaUsage: false } } }
		});
		await Promise.all([join(), join()]);
		await expect
			.poll(async () => (await getStates('nightly')).map(({ result }) => result), { timeout: 20_000 })
			.toEqual(['6 jobs started']);
		await expect.poll(async () => (await getStates('SessionCleanup')).map(({ state }) => state)).toEqual(['completed']);
		expect(await getStates('UserSyncUsage')).toEqual([]);
		const { value: stored } = await api.prisma.setting.findUniqueOrThrow({ where: { key: 'nightly-run' } });
		expect(stored).toMatchObject({
			jobs: [
				'SessionCleanup',
				'AuditTableCleanup',
				'UserDeleteCheck',
				'AssetGenerateThumbnailsQueueAll',
				'AssetDeleteCheck',
				'IntegrityUntrackedFiles'
			].map((name) => ({ name }))
		});
	});
});

describe('a paused queue', () => {
	it('stays paused after a restart, on every instance', async () => {
		const there = others[0] ?? (await join());
		const { send, close } = createSender(there.url);
		await api.request('PUT', '/api/queues/notifications', { token, body: { isPaused: true } });
		expect((await send('GET', '/api/queues/notifications', { token })).body).toMatchObject({ isPaused: true });
		close();
		const again = createSender((await join()).url);
		expect((await again.send('GET', '/api/queues/notifications', { token })).body).toMatchObject({ isPaused: true });
		again.close();
	});
});

describe('concurrency', () => {
	beforeAll(stopOthers);

	it('follows the settings as soon as they change', async () => {
		const { body: config } = await api.request('GET', '/api/admin/config', { token });
		const users = await Promise.all([deleted(), deleted(), deleted()]);
		const ids = users.map(({ id }) => id);
		const count = async (state: string) => (await getStates('UserDelete')).filter((job) => job.state === state).length;
		const allow = async (concurrency: number) => {
			const body = { ...(config as SystemConfig) };
			const job = { ...body.job, backgroundTask: { concurrency } };
			expect((await api.request('PUT', '/api/admin/config', { token, body: { ...body, job } })).status).toBe(200);
		};
		const holder = await api.pool.connect();
		try {
			await holder.query('BEGIN');
			await holder.query('SELECT 1 FROM "user" WHERE "id" = ANY($1) FOR UPDATE', [ids]);
			await allow(1);
			for (const id of ids)
				await api.pool.query(`INSERT INTO immich_auth_jobs.job ("name", "data") VALUES ('backgroundTask', $1)`, [
					{ name: 'UserDelete', data: { id } }
				]);
			await api.request('POST', '/api/queues/backgroundTask/retry', { token });
			await expect.poll(() => count('active')).toBe(1);
			await allow(2);
			await expect.poll(() => count('active')).toBe(2);
		} finally {
			await holder.query('ROLLBACK');
			holder.release();
		}
		await expect.poll(() => count('completed'), { timeout: 5_000 }).toBe(3);
		expect(await api.prisma.user.count({ where: { id: { in: ids } } })).toBe(0);
	});
});

it('nightly run IDs are UUIDs', async () => {
	const { getNightId } = await import('#lib/server/features/jobs/nightly.ts');
	expect(getNightId(new Date(0))).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
	expect(randomUUID()).not.toBe(getNightId(new Date(0)));
});
