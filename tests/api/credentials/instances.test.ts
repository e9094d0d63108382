import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let accounts: Accounts;
let here: { server: TestServer; send: Send; close: () => void };
let there: typeof here;

async function join(): Promise<typeof here> {
	const server = await startServer({ DATABASE_URL: database.url });
	return { server, ...createSender(server.url) };
}

beforeAll(async () => {
	database = await createTestDatabase();
	here = await join();
	there = await join();
	const secret = await readSessionSecret(database.prisma);
	accounts = new Accounts(database.prisma, secret);
});

afterAll(async () => {
	for (const { server, close } of [here, there]) {
		close();
		await server.stop();
	}
	await database.close();
});

const me = (send: Send, token: string) => send('GET', '/api/users/me', { token });
const Session = z.object({ id: z.uuid(), current: z.boolean() });
const ownSession = async (token: string) =>
	z
		.array(Session)
		.parse((await here.send('GET', '/api/sessions', { token })).body)
		.find(({ current }) => current)?.id ?? '';

/** Everything that revokes a credential or part of its rights, done on one instance. */
const endings: readonly (readonly [string, (id: string, token: string, admin: string) => Promise<unknown>])[] = [
	['signing out', (_, token) => here.send('POST', '/api/auth/logout', { token })],
	[
		'the end of the session',
		async (_, token) => here.send('DELETE', `/api/sessions/${await ownSession(token)}`, { token })
	],
	['the end of all others, by an app', (id) => endOthers(id)],
	['a soft delete', (id, _, token) => here.send('DELETE', `/api/admin/users/${id}`, { token })],
	['a hard delete', (id, _, token) => here.send('DELETE', `/api/admin/users/${id}`, { token, body: { force: true } })],
	[
		'a new password',
		(id, _, token) => here.send('PUT', `/api/admin/users/${id}`, { token, body: { password: 'another password' } })
	],
	['a hand at the database', (id) => database.pool.query(`DELETE FROM "session" WHERE "userId" = $1`, [id])],
	['an emptied table', () => database.pool.query(`TRUNCATE "session" CASCADE`)]
];

async function endOthers(userId: string) {
	const token = await accounts.makeSession(userId);
	return here.send('DELETE', '/api/sessions', { token });
}

describe('a cached session', () => {
	it.each(endings)('is rejected after %s: immediately here, and within a second there', async (name, end) => {
		const { user, token } = await accounts.signIn();
		const { token: admin } = await accounts.signInAdmin();
		for (const { send } of [here, there, here, there]) expect((await me(send, token)).status).toBe(200);
		await end(user.id, token, admin);
		// This instance also learns of direct database changes only through the change feed.
		const isOwn = !['a hand at the database', 'an emptied table'].includes(name);
		if (isOwn) expect((await me(here.send, token)).status).toBe(401);
		await expect.poll(async () => (await me(there.send, token)).status, { interval: 5, timeout: 1_000 }).toBe(401);
		expect((await me(there.send, token)).status).toBe(401);
	});

	it('is rejected from the next request on, in each of a hundred rounds', async () => {
		for (let round = 0; round < 100; round++) {
			const { token } = await accounts.signIn();
			expect((await me(here.send, token)).status).toBe(200);
			// Concurrent requests make sure that a lookup is in progress while the session ends.
			const asking = [me(here.send, token), me(here.send, token)];
			await here.send('POST', '/api/auth/logout', { token });
			expect((await me(here.send, token)).status).toBe(401);
			await Promise.all(asking);
			expect((await me(here.send, token)).status).toBe(401);
		}
	});
});

describe('a cached API key', () => {
	it('is rejected once deleted, and limited to its permissions once they change', async () => {
		const { user, token } = await accounts.signIn();
		const apiKey = await accounts.makeApiKey(user.id, ['user.read', 'apiKey.read']);
		const read = (send: Send) => send('GET', '/api/users/me', { apiKey });
		const Keys = z.array(z.object({ id: z.uuid() }));
		for (const { send } of [here, there]) expect((await read(send)).status).toBe(200);
		const [key] = Keys.parse((await here.send('GET', '/api/api-keys', { token })).body);
		const path = `/api/api-keys/${key?.id ?? ''}`;
		await here.send('PUT', path, { token, body: { name: 'Less', permissions: ['apiKey.read'] } });
		expect((await read(here.send)).status).toBe(403);
		await expect.poll(async () => (await read(there.send)).status, { interval: 5, timeout: 1_000 }).toBe(403);
		await here.send('DELETE', path, { token });
		expect((await read(here.send)).status).toBe(401);
		await expect.poll(async () => (await read(there.send)).status, { interval: 5, timeout: 1_000 }).toBe(401);
	});
});

describe("a user's cached rights", () => {
	it('change with the next request here, and within a second there', async () => {
		const { user, token } = await accounts.signInAdmin();
		const { token: admin } = await accounts.signInAdmin();
		const list = (send: Send) => send('GET', '/api/admin/users?id=' + user.id, { token });
		for (const { send } of [here, there]) expect((await list(send)).status).toBe(200);
		await here.send('PUT', `/api/admin/users/${user.id}`, { token: admin, body: { isAdmin: false } });
		expect((await list(here.send)).status).toBe(403);
		await expect.poll(async () => (await list(there.send)).status, { interval: 5, timeout: 1_000 }).toBe(403);
	});

	it('are restricted while a password change is required, and restored after it', async () => {
		const { user, token } = await accounts.signIn();
		const { token: admin } = await accounts.signInAdmin();
		const search = async () => (await here.send('GET', '/api/users', { token })).status;
		expect(await search()).toBe(200);
		await here.send('PUT', `/api/admin/users/${user.id}`, { token: admin, body: { shouldChangePassword: true } });
		expect(await search()).toBe(403);
		await here.send('PUT', `/api/admin/users/${user.id}`, { token: admin, body: { shouldChangePassword: false } });
		expect(await search()).toBe(200);
	});

	it("include the user's own data, such as the product key", async () => {
		const { user, token } = await accounts.signIn();
		const name = async (send: Send) => (await me(send, token)).body;
		expect(await name(here.send)).toMatchObject({ name: user.name });
		expect(await name(there.send)).toMatchObject({ name: user.name });
		await here.send('PUT', '/api/users/me', { token, body: { name: 'Renamed' } });
		expect(await name(here.send)).toMatchObject({ name: 'Renamed' });
		await expect.poll(() => name(there.send), { interval: 5, timeout: 1_000 }).toMatchObject({ name: 'Renamed' });
	});
});

describe('an instance without the change feed', () => {
	const listeners = async () => {
		const { rows } = await database.pool.query<{ pid: number }>(
			`SELECT pid FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'immich-auth changes'`
		);
		return rows.map(({ pid }) => pid);
	};
	let silenced: number[] = [];
	afterEach(() => {
		for (const pid of silenced.splice(0)) process.kill(pid, 'SIGCONT');
	});

	it('queries the database for each request while its connection is cut, and caches again after reconnecting', async () => {
		const { user, token } = await accounts.signIn();
		const other = await accounts.makeSession(user.id);
		expect((await me(there.send, token)).status).toBe(200);
		const cut = await listeners();
		expect(cut).toHaveLength(2);
		await database.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [cut]);
		await here.send('DELETE', '/api/sessions', { token: other });
		await expect.poll(async () => (await me(there.send, token)).status, { interval: 5, timeout: 1_000 }).toBe(401);
		expect((await me(there.send, other)).status).toBe(200);
		await expect.poll(listeners, { timeout: 5_000 }).toHaveLength(2);
		// Logged when notifications stop and when they are back, but not at startup.
		const logged = () => there.server.lines.flatMap((line) => /notifications are [a-z ]*/.exec(line)?.[0] ?? []);
		await expect.poll(logged).toEqual(['notifications are not arriving', 'notifications are arriving again']);
	});

	it('clears its cache when the connection goes silent without closing', async () => {
		const { token } = await accounts.signIn();
		for (const { send } of [here, there]) expect((await me(send, token)).status).toBe(200);
		silenced = await listeners();
		for (const pid of silenced) process.kill(pid, 'SIGSTOP');
		const startedAt = performance.now();
		expect((await here.send('POST', '/api/auth/logout', { token })).status).toBe(200);
		await expect.poll(async () => (await me(there.send, token)).status, { interval: 50, timeout: 5_000 }).toBe(401);
		// Three seconds without a response, plus a margin.
		expect(performance.now() - startedAt).toBeLessThan(4_500);
	}, 20_000);
});
