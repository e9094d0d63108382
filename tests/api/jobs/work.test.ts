import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { createSender } from '#tests/support/http.ts';
import { jobStates } from '#tests/support/jobs.ts';
import { buildPhoto } from '#tests/support/photos.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';

let release: { status: number; text: string } = { status: 200, text: '' };
const versions = createServer((_, response) => response.writeHead(release.status).end(release.text));
await once(versions.listen(0, '127.0.0.1'), 'listening');
const address = versions.address();
const versionUrl = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}/latest`;

const api = useApi({ env: { IMMICH_AUTH_VERSION_URL: versionUrl } });
const others: TestServer[] = [];
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
let token = '';

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'Ada' }));
});
afterEach(() => api.pool.query('DELETE FROM immich_auth_jobs.job'));
afterAll(async () => {
	for (const server of others) await server.stop();
	versions.close();
});

const join = async () => {
	const server = await startServer({ DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
	others.push(server);
	return server;
};

const getStates = (name: string) => jobStates(api.pool, name);

async function run(name: string): Promise<string> {
	const reply = await api.request('POST', '/api/queues/backgroundTask/jobs', { token, body: { name } });
	expect(reply.status, reply.text).toBe(204);
	await expect
		.poll(async () => (await getStates(name)).map(({ state }) => state), { timeout: 20_000 })
		.toEqual(['completed']);
	return (await getStates(name))[0]?.result ?? '';
}

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
		// Simulates the passing of the minute after which a silent job is taken over.
		await api.pool.query(
			`UPDATE immich_auth_jobs.job SET started_on = now() - interval '10 minutes' WHERE state = 'active'`
		);
		await expect
			.poll(
				async () => {
					await api.pool.query(`UPDATE immich_auth_jobs.job SET start_after = now() WHERE state = 'retry'`);
					return left();
				},
				{ interval: 500, timeout: 58_000 }
			)
			.toBe(0);
		const removals = await api.prisma.auditEvent.findMany({
			where: { action: 'user.remove', subjectEmail: { startsWith: 'gone-' } },
			select: { subjectId: true }
		});
		expect(removals).toHaveLength(count);
		expect(new Set(removals.map(({ subjectId }) => subjectId)).size).toBe(count);
	}, 120_000);
});

describe('SessionCleanup', () => {
	it('removes idle and expired sessions with their children, and outdated rows', async () => {
		const { id: userId } = await api.accounts.makeUser();
		const old = await api.accounts.makeSession(userId);
		const [parent] = await api.prisma.session.findMany({ where: { userId } });
		await api.accounts.makeSession(userId, { parentId: parent?.id ?? null });
		await api.accounts.makeSession(userId, { expiresAt: daysAgo(1) });
		await api.accounts.makeSession(userId, { expiresAt: daysAgo(-1) });
		const live = await api.accounts.makeSession(userId);
		await api.pool.query('ALTER TABLE session DISABLE TRIGGER USER');
		await api.prisma.session.update({ where: { id: parent?.id ?? '' }, data: { updatedAt: daysAgo(91) } });
		await api.pool.query('ALTER TABLE session ENABLE TRIGGER USER');
		await api.prisma.rateLimit.createMany({
			data: [
				{ key: 'pin:old', points: 3, expire: BigInt(Date.now() - 1_000) },
				{ key: 'pin:new', points: 3, expire: BigInt(Date.now() + 60_000) }
			]
		});
		await api.prisma.knownDevice.createMany({
			data: Array.from({ length: 130 }, (_, index) => ({
				userId,
				deviceType: `Browser ${index}`,
				deviceOS: 'Linux',
				isApp: false,
				firstSeenAt: daysAgo(index)
			}))
		});
		await api.accounts.makeApiKey(userId);
		const { id: keyId } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId } });
		await api.prisma.apiKeyUsage.createMany({
			data: [31, 2].map((days) => ({
				keyId,
				day: daysAgo(days),
				permission: 'all',
				count: 1,
				lastUsedAt: daysAgo(days)
			}))
		});
		for (const [index, expiresAt] of [daysAgo(1), daysAgo(-1)].entries()) {
			const flow = { kind: 'signIn', providerId: 'immich', nonce: 'n', redirectUri: 'https://photos.example.test' };
			await api.prisma.oAuthFlow.create({ data: { ...flow, key: Buffer.from([index]), expiresAt } });
			const used = { issuer: 'https://id.example.test', tokenId: String(index), expiresAt };
			await api.prisma.oAuthLogoutToken.create({ data: used });
		}
		expect(await run('SessionCleanup')).toBe('2 ended sessions removed, and 34 outdated rows');
		expect(await api.prisma.session.count({ where: { userId } })).toBe(2);
		expect((await api.request('GET', '/api/users/me', { token: live })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { token: old })).status).toBe(401);
		expect(await api.prisma.rateLimit.findMany({ select: { key: true } })).toEqual([{ key: 'pin:new' }]);
		expect(await api.prisma.knownDevice.count({ where: { userId, deviceType: 'Browser 99' } })).toBe(1);
		expect(await api.prisma.knownDevice.count({ where: { userId } })).toBe(100);
		expect(await api.prisma.apiKeyUsage.count({ where: { keyId } })).toBe(1);
		expect([await api.prisma.oAuthFlow.count(), await api.prisma.oAuthLogoutToken.count()]).toEqual([1, 1]);
	});
});

describe('UserSyncUsage', () => {
	it("does nothing without Immich's file sizes, and sums them up otherwise", async () => {
		const { id: ownerId } = await api.accounts.makeUser({ quotaUsageInBytes: 7 });
		const { id: right, updatedAt } = await api.accounts.makeUser();
		expect(await run('UserSyncUsage')).toContain('Nothing to reckon by');
		await api.pool.query('DELETE FROM immich_auth_jobs.job');
		await api.pool.query('CREATE TABLE asset_exif ("assetId" uuid PRIMARY KEY, "fileSizeInByte" bigint)');
		const library = await api.prisma.library.create({
			data: { name: 'NAS', ownerId, importPaths: [], exclusionPatterns: [] }
		});
		for (const [libraryId, size] of [
			[null, 100],
			[null, 2 ** 33],
			[library.id, 5]
		] as const) {
			const { id } = await api.prisma.asset.create({ data: buildPhoto(ownerId, { libraryId }) });
			await api.pool.query('INSERT INTO asset_exif VALUES ($1, $2)', [id, size]);
		}
		expect(await run('UserSyncUsage')).toBe('1 account corrected');
		await api.pool.query('DROP TABLE asset_exif');
		expect((await api.accounts.findUser(ownerId)).quotaUsageInBytes).toBe(BigInt(2 ** 33 + 100));
		expect((await api.accounts.findUser(right)).updatedAt).toEqual(updatedAt);
	});
});

describe('VersionCheck', () => {
	const enable = (enabled: boolean) =>
		api.prisma.systemMetadata.upsert({
			where: { key: 'system-config' },
			create: { key: 'system-config', value: { newVersionCheck: { enabled } } },
			update: { value: { newVersionCheck: { enabled } } }
		});

	it('sends no request unless enabled, and stores the result', async () => {
		expect(await run('VersionCheck')).toContain('switched off');
		await api.pool.query('DELETE FROM immich_auth_jobs.job');
		await enable(true);
		release = { status: 200, text: JSON.stringify({ tag_name: 'v3.4.5' }) };
		expect(await run('VersionCheck')).toBe('The newest is v3.4.5');
		expect((await api.request('GET', '/api/server/version-check', { token })).body).toMatchObject({
			releaseVersion: 'v3.4.5'
		});
	});

	it.each([
		['an error', { status: 500, text: '' }, 'answered 500'],
		['too much', { status: 200, text: 'x'.repeat(300 * 1024) }, 'more than is read'],
		['nonsense', { status: 200, text: '{"tag_name":"<script>"}' }, '']
	])('fails for %s', async (_, given, reason) => {
		await enable(true);
		release = given;
		await api.request('POST', '/api/queues/backgroundTask/jobs', { token, body: { name: 'VersionCheck' } });
		await expect
			.poll(() => getStates('VersionCheck'))
			.toMatchObject([{ state: 'retry', reason: expect.stringContaining(reason) as string }]);
	});
});
