import { afterAll, beforeAll, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { listenAdmitted } from '#tests/support/live.ts';
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
	[here, there] = await Promise.all([join(), join()]);
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

it('an event on one instance is sent once to listeners on the other', async () => {
	const admin = await accounts.signInAdmin();
	const person = await accounts.signIn();
	const { id } = await database.prisma.session.findFirstOrThrow({ where: { userId: person.user.id } });
	const headers = (token: string) => ({ authorization: `Bearer ${token}` });
	const own = await listenAdmitted(there.server.url, headers(person.token));
	const seeing = await listenAdmitted(there.server.url, headers(admin.token), { auth: { client: 'console' } });
	const cut = own.next('disconnect');
	const { user: gone } = await accounts.signIn();
	await here.send('DELETE', `/api/admin/users/${gone.id}`, { token: admin.token, body: {} });
	await expect.poll(() => seeing.of('on_user_delete')).toEqual([gone.id]);
	await expect.poll(() => seeing.of('console_change').flat()).toContain('userList');
	await here.send('DELETE', `/api/admin/users/${person.user.id}/sessions/${id}`, { token: admin.token });
	expect(await cut).toBe('io server disconnect');
	expect(own.of('on_session_delete')).toEqual([id]);
	expect(seeing.of('on_user_delete')).toEqual([gone.id]);
	seeing.close();
});

it('events missed while the change feed’s connection was down are sent after it reconnects', async () => {
	const person = await accounts.signIn();
	const listener = await listenAdmitted(there.server.url, { authorization: `Bearer ${person.token}` });
	const cut = listener.next('disconnect');
	// Ended by the same statement that cuts the change feed's connection.
	await database.pool.query(
		`WITH ended AS (DELETE FROM "session" WHERE "userId" = $1)
			SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE application_name = 'immich-auth changes' AND datname = current_database()`,
		[person.user.id]
	);
	expect(await cut).toBe('io server disconnect');
});

it('a stopping server disconnects its listeners, who reconnect to the next', async () => {
	const person = await accounts.signIn();
	const listener = await listenAdmitted(there.server.url, { authorization: `Bearer ${person.token}` });
	const cut = listener.next('disconnect');
	const startedAt = performance.now();
	await there.server.stop();
	expect(performance.now() - startedAt).toBeLessThan(4_000);
	expect(await cut).toBe('transport close');
	there = await join();
});
