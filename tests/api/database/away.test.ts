import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { startPgBouncer, type PgBouncer } from '#tests/support/pgbouncer.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let bouncer: PgBouncer;
let server: TestServer;
let accounts: Accounts;

beforeAll(async () => {
	database = await createTestDatabase();
	bouncer = await startPgBouncer('session', database.connection);
	server = await startServer({ DATABASE_URL: bouncer.url });
	accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
});

afterAll(async () => {
	await server.stop();
	await bouncer.stop();
	await database.close();
});

const get = (path: string, token: string, correlationId = 'reference') =>
	fetch(server.url + path, {
		redirect: 'manual',
		headers: { cookie: `immich_access_token=${token}`, 'x-correlation-id': correlationId }
	});

const findLine = (correlationId: string) =>
	server.lines.find((line) => line.includes(correlationId) && line.includes('"level":50'));

describe('while the database is unreachable', () => {
	it('everything that needs it returns 503 with Retry-After, and recovers afterwards', async () => {
		const { token } = await accounts.signInAdmin();
		expect((await get('/api/admin/users', token)).status).toBe(200);
		const { port } = new URL(bouncer.url);
		await bouncer.stop();
		for (const path of [
			'/api/users/me',
			'/api/admin/users',
			'/api/server/config',
			'/api/admin/user-directory/export'
		]) {
			const reply = await get(path, token);
			expect([path, reply.status, await reply.json()]).toEqual([path, 503, { message: 'The database is unavailable' }]);
			expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
		}
		for (const path of ['/', '/admin/users', '/auth/login', '/auth/register', '/account/devices']) {
			const correlationId = `page${path.replaceAll('/', '-')}`;
			const reply = await get(path, token, correlationId);
			expect([path, reply.status]).toEqual([path, 503]);
			expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
			const page = await reply.text();
			expect(page).toContain('The database is unavailable');
			expect(page).toContain(correlationId);
			await expect.poll(() => findLine(correlationId) ?? '').toMatch(/ECONN|onnection/);
		}
		const body = new URLSearchParams({ email: 'boss@example.com', password: 'a long password' });
		const headers = { origin: server.url, accept: 'text/html' };
		expect((await fetch(`${server.url}/auth/login`, { method: 'POST', body, headers })).status).toBe(503);
		const login = {
			method: 'POST',
			body: '{"email":"a@b.test","password":"x"}',
			headers: { 'content-type': 'application/json' }
		};
		expect((await fetch(`${server.url}/api/auth/login`, login)).status).toBe(503);
		expect((await get('/healthz', token)).status).toBe(200);

		// The app reconnects on its own: its client reopens a socket that was cut rather than refused.
		const socket = io(server.url, {
			path: '/api/socket.io',
			transports: ['websocket'],
			reconnectionDelay: 50,
			extraHeaders: { cookie: `immich_access_token=${token}` }
		});
		await new Promise((resolve) => socket.io.once('reconnect_attempt', resolve));
		bouncer = await startPgBouncer('session', database.connection, '', Number(port));
		await new Promise((resolve) => socket.once('on_server_version', resolve));
		socket.disconnect();
		await expect.poll(async () => (await get('/api/users/me', token)).status, { timeout: 20_000 }).toBe(200);
		expect((await get('/admin/users', token)).status).toBe(200);
	}, 120_000);
});

describe('a failing query behind a streamed response', () => {
	it.each([
		['/api/admin/users', 500],
		['/api/admin/user-directory/export?format=csv', 500],
		['/api/admin/user-directory/export?format=json', 500],
		['/api/admin/audit-events/export?format=csv', 500],
		['/api/admin/audit-events/export?format=json', 500]
	])('GET %s returns %i and logs the reason', async (path, status) => {
		const { token } = await accounts.signInAdmin();
		const correlationId = `stream-${path.replaceAll(/[^\w]/g, '-')}`;
		await database.pool.query(`
			ALTER TABLE "user" RENAME COLUMN "storageLabel" TO "gone";
			ALTER TABLE immich_auth.audit_event RENAME COLUMN "reason" TO "gone"`);
		try {
			const reply = await get(path, token, correlationId);
			expect(reply.status).toBe(status);
			expect(await reply.json()).toHaveProperty('message');
			await expect.poll(() => findLine(correlationId) ?? '').toContain('column');
		} finally {
			await database.pool.query(`
				ALTER TABLE "user" RENAME COLUMN "gone" TO "storageLabel";
				ALTER TABLE immich_auth.audit_event RENAME COLUMN "gone" TO "reason"`);
		}
		await expect.poll(async () => (await get(path, token)).status).toBe(200);
	});
});
