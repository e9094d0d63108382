import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import pg from 'pg';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let accounts: Accounts;
let here: { server: TestServer; send: Send; close: () => void };
let there: typeof here;
const mode = '/api/admin/maintenance';
const quickly = { interval: 10, timeout: 2_000 };

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

const getStatus = async ({ send }: typeof here) => (await send('GET', '/api/server/media-types')).status;
const bothAre = async (status: number) => {
	for (const instance of [here, there]) await expect.poll(() => getStatus(instance), quickly).toBe(status);
};

async function begin(): Promise<string> {
	const { token } = await accounts.signInAdmin();
	const { cookies } = await here.send('POST', mode, { token, body: { action: 'start' } });
	return cookies.join().replace(/^.*immich_maintenance_token=([^;]*).*$/, '$1');
}

afterEach(async () => {
	await database.prisma.systemMetadata.deleteMany({ where: { key: 'maintenance-mode' } });
	await bothAre(200);
});

describe('two instances', () => {
	it('agree: started here, it applies immediately here and soon there, and can be ended there', async () => {
		for (let round = 0; round < 10; round++) {
			const token = await begin();
			expect(await getStatus(here)).toBe(503);
			await bothAre(503);
			const end = await there.send('POST', mode, { token, body: { action: 'end' } });
			expect(end.status).toBe(201);
			expect(await getStatus(there)).toBe(200);
			await bothAre(200);
		}
	});

	it("share one period if both start it, and accept each other's tokens", async () => {
		const people = [await accounts.signInAdmin(), await accounts.signInAdmin()];
		const replies = await Promise.all(
			[here, there].map(({ send }, index) =>
				send('POST', mode, { token: people[index]?.token ?? '', body: { action: 'start' } })
			)
		);
		const begun = replies.filter(({ status }) => status === 201);
		expect(begun.length).toBeGreaterThan(0);
		await bothAre(503);
		for (const { cookies } of begun) {
			const cookie = cookies[0]?.split(';')[0] ?? '';
			for (const { send } of [here, there]) expect((await send('GET', `${mode}/plan`, { cookie })).status).toBe(200);
		}
	});

	it('catch up if the change feed was disconnected in the meantime', async () => {
		await database.pool.query(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'immich-auth changes'`
		);
		await database.prisma.systemMetadata.create({
			data: { key: 'maintenance-mode', value: { isMaintenanceMode: true, secret: 'a'.repeat(128) } }
		});
		for (const instance of [here, there])
			await expect.poll(() => getStatus(instance), { interval: 20, timeout: 5_000 }).toBe(503);
	});
});

describe('the maintenance state', () => {
	it('stays on after a kill and a restart', async () => {
		const token = await begin();
		await bothAre(503);
		there.close();
		there.server.process.kill('SIGKILL');
		await once(there.server.process, 'exit');
		there = await join();
		expect(await getStatus(there)).toBe(503);
		expect((await there.send('POST', mode, { token, body: { action: 'end' } })).status).toBe(201);
	});

	it('is the old or the new one after a kill midway', async () => {
		const { token } = await accounts.signInAdmin();
		const asked = there.send('POST', mode, { token, body: { action: 'start' } }).catch(() => null);
		there.close();
		there.server.process.kill('SIGKILL');
		await Promise.all([asked, once(there.server.process, 'exit')]);
		const [row] = await database.prisma.systemMetadata.findMany({ where: { key: 'maintenance-mode' } });
		there = await join();
		const isOn = JSON.stringify(row?.value ?? {}).includes('"isMaintenanceMode":true');
		await bothAre(isOn ? 503 : 200);
	});

	it('stays on while the database is unreachable, and can be ended afterwards', async () => {
		const token = await begin();
		await bothAre(503);
		const { database: name } = database.connection;
		const outside = new pg.Client(inject('postgres'));
		await outside.connect();
		await outside.query(`ALTER DATABASE ${String(name)} ALLOW_CONNECTIONS false`);
		await outside.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
		for (const instance of [here, there]) {
			expect(await getStatus(instance)).toBe(503);
			expect((await instance.send('GET', '/api/server/config')).body).toEqual({ maintenanceMode: true });
			expect((await instance.send('POST', mode, { token, body: { action: 'end' } })).status).toBe(500);
		}
		await outside.query(`ALTER DATABASE ${String(name)} ALLOW_CONNECTIONS true`);
		await outside.end();
		await expect
			.poll(async () => (await here.send('POST', mode, { token, body: { action: 'end' } })).status, { timeout: 5_000 })
			.toBe(201);
		await expect.poll(() => getStatus(there), { timeout: 5_000 }).toBe(200);
	});
});
