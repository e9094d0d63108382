import { afterAll, beforeAll, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { sessionSecretOf } from '#tests/support/vault.ts';

let database: TestDatabase;
let server: TestServer;
let send: Send;
let close: () => void;
let accounts: Accounts;

beforeAll(async () => {
	database = await createTestDatabase();
	server = await startServer({ DATABASE_URL: database.url });
	({ send, close } = createSender(server.url));
	accounts = new Accounts(database.prisma, await sessionSecretOf(database.prisma));
});

afterAll(async () => {
	close();
	await server.stop();
	await database.close();
});

/** As a restore from a backup writes, and whoever has switched triggers off. */
const withoutTriggers = (sql: string) =>
	database.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}; COMMIT`);

it('takes effect within half a minute, whatever was changed without triggers', async () => {
	const { user, token } = await accounts.signIn();
	const { user: demoted, token: admin } = await accounts.signInAdmin();
	await accounts.signInAdmin();
	const me = async () => (await send('GET', '/api/users/me', { token })).status;
	const list = async () => (await send('GET', '/api/admin/users', { token: admin })).status;
	const message = async () => (await send('GET', '/api/server/config')).body;
	expect([await me(), await list()]).toEqual([200, 200]);
	await message();
	await withoutTriggers(`DELETE FROM "session" WHERE "userId" = '${user.id}';
		UPDATE "user" SET "isAdmin" = false WHERE "id" = '${demoted.id}';
		INSERT INTO "system_metadata" VALUES ('system-config', '{"server": {"loginPageMessage": "Restored"}}')`);
	const patience = { timeout: 40_000, interval: 500 };
	await expect.poll(me, patience).toBe(401);
	await expect.poll(list, patience).toBe(403);
	await expect.poll(message, patience).toMatchObject({ loginPageMessage: 'Restored' });
	await withoutTriggers(
		`INSERT INTO "system_metadata" VALUES ('maintenance-mode', '{"isMaintenanceMode": true, "secret": "restored"}')`
	);
	await expect.poll(message, patience).toMatchObject({ maintenanceMode: true });
}, 120_000);
