import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startPgBouncer, type PgBouncer } from '#tests/support/pgbouncer.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let bouncer: PgBouncer;
let server: TestServer;
let send: Send;
let close: () => void;
let accounts: Accounts;

beforeAll(async () => {
	database = await createTestDatabase();
	bouncer = await startPgBouncer('transaction', database.connection);
	server = await startServer({ DATABASE_URL: bouncer.url });
	({ send, close } = createSender(server.url));
	accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
});

afterAll(async () => {
	close();
	await server.stop();
	await bouncer.stop();
	await database.close();
});

const me = async (token: string) => (await send('GET', '/api/users/me', { token })).status;

const endings: readonly (readonly [string, (id: string, token: string, admin: string) => Promise<unknown>])[] = [
	['signing out', (_, token) => send('POST', '/api/auth/logout', { token })],
	['a soft delete', (id, _, token) => send('DELETE', `/api/admin/users/${id}`, { token })],
	['a hard delete', (id, _, token) => send('DELETE', `/api/admin/users/${id}`, { token, body: { force: true } })],
	[
		'a new password',
		(id, _, token) => send('PUT', `/api/admin/users/${id}`, { token, body: { password: 'another long password' } })
	],
	['another program', (id) => database.pool.query(`DELETE FROM "session" WHERE "userId" = $1`, [id])],
	['an emptied table', () => database.pool.query(`TRUNCATE "session" CASCADE`)]
];

describe('behind a pooler in transaction mode', () => {
	it('logs what is different', () => {
		expect(server.lines.join('\n')).toContain('connection pooler in transaction mode');
	});

	it.each(endings)('rejects a session from the next request after %s', async (_, end) => {
		const { user, token } = await accounts.signIn();
		const { token: admin } = await accounts.signInAdmin();
		for (let round = 0; round < 10; round++) expect(await me(token)).toBe(200);
		await end(user.id, token, admin);
		expect(await me(token)).toBe(401);
	});

	it('rejects an API key from the next request after it was deleted', async () => {
		const { user } = await accounts.signIn();
		const apiKey = await accounts.makeApiKey(user.id, ['user.read']);
		const read = async () => (await send('GET', '/api/users/me', { apiKey })).status;
		expect(await read()).toBe(200);
		await database.prisma.apiKey.deleteMany({ where: { userId: user.id } });
		expect(await read()).toBe(401);
	});

	it('applies the demotion of an admin immediately', async () => {
		const { user, token } = await accounts.signInAdmin();
		const { token: admin } = await accounts.signInAdmin();
		const list = async () => (await send('GET', `/api/admin/users?id=${user.id}`, { token })).status;
		expect(await list()).toBe(200);
		await send('PUT', `/api/admin/users/${user.id}`, { token: admin, body: { isAdmin: false } });
		expect(await list()).toBe(403);
	});

	it('applies a setting changed by another program', async () => {
		await database.prisma.systemMetadata.create({
			data: { key: 'system-config', value: { server: { loginPageMessage: 'Changed elsewhere' } } }
		});
		const message = async () => (await send('GET', '/api/server/config')).body;
		await expect.poll(message, { timeout: 20_000 }).toMatchObject({ loginPageMessage: 'Changed elsewhere' });
	}, 30_000);
});
