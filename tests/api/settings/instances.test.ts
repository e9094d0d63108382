import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { Accounts } from '#tests/support/accounts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let accounts: Accounts;
let here: { server: TestServer; send: Send; close: () => void };
let there: typeof here;
const path = '/api/admin/config';
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

const withMessage = (loginPageMessage: string) => ({
	...systemConfigDefaults,
	server: { ...systemConfigDefaults.server, loginPageMessage }
});
const getMessage = async ({ send }: typeof here): Promise<unknown> => (await send('GET', '/api/public/config')).body;
const says = (text: string) => ({ server: { loginPageMessage: text } });

describe('two instances', () => {
	it('apply a change immediately here and within moments there', async () => {
		const { token } = await accounts.signInAdmin();
		for (let round = 0; round < 10; round++) {
			const text = `round ${String(round)}`;
			expect((await here.send('PUT', path, { token, body: withMessage(text) })).status).toBe(200);
			expect(await getMessage(here)).toMatchObject(says(text));
			await expect.poll(() => getMessage(there), quickly).toMatchObject(says(text));
		}
	});

	it('return the same version and each refuse an old one', async () => {
		const { token } = await accounts.signInAdmin();
		const etag = (await here.send('GET', path, { token })).headers.etag ?? '';
		expect((await there.send('GET', path, { token })).headers.etag).toBe(etag);
		const replies = await Promise.all(
			[here, there].map(({ send }, index) =>
				send('PUT', path, { token, body: withMessage(`by ${String(index)}`), headers: { 'if-match': etag } })
			)
		);
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
	});

	it('get changes and deletions by another program', async () => {
		await database.prisma.systemMetadata.update({
			where: { key: 'system-config' },
			data: { value: { server: { loginPageMessage: 'by hand' }, trash: 'nonsense' } }
		});
		for (const instance of [here, there])
			await expect.poll(() => getMessage(instance), quickly).toMatchObject(says('by hand'));
		await database.prisma.systemMetadata.delete({ where: { key: 'system-config' } });
		for (const instance of [here, there])
			await expect.poll(() => getMessage(instance), quickly).toMatchObject(says(''));
	});

	it('get changes made while the change feed’s connection was down', async () => {
		await database.pool.query(
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'immich-auth changes'`
		);
		const value = { server: { loginPageMessage: 'meanwhile' } };
		await database.prisma.systemMetadata.create({ data: { key: 'system-config', value } });
		for (const instance of [here, there])
			await expect.poll(() => getMessage(instance), { interval: 20, timeout: 5_000 }).toMatchObject(says('meanwhile'));
	});
});

describe('a kill in the middle of a save', () => {
	/** Blocks saves inside their transaction until released. */
	async function holdSaves(): Promise<{ reached: () => Promise<void>; letGo: () => Promise<void> }> {
		const client = await database.pool.connect();
		await client.query('BEGIN; LOCK TABLE immich_auth.audit_event IN ACCESS EXCLUSIVE MODE');
		const waiting = async () =>
			(await client.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'immich_auth.audit_event'::regclass"))
				.rowCount;
		return {
			reached: () => expect.poll(waiting, { interval: 10, timeout: 30_000 }).toBe(1),
			letGo: async () => {
				await client.query('ROLLBACK');
				client.release();
			}
		};
	}

	it.each(['before it begins', 'while it writes', 'after its answer'])(
		'leaves either the old state without an event or the new one with it: %s',
		async (moment) => {
			const { token } = await accounts.signInAdmin();
			const before = await database.prisma.auditEvent.count({ where: { action: 'settings.update' } });
			const old = (await here.send('GET', path, { token })).body;
			const text = `killed ${moment}`;
			const held = moment === 'while it writes' ? await holdSaves() : null;
			const asked = there.send('PUT', path, { token, body: withMessage(text) }).catch(() => null);
			await held?.reached();
			if (moment === 'after its answer') await asked;
			there.close();
			there.server.process.kill('SIGKILL');
			await Promise.all([asked, once(there.server.process, 'exit')]);
			await held?.letGo();
			there = await join();
			const now = (await there.send('GET', path, { token })).body;
			const after = await database.prisma.auditEvent.count({ where: { action: 'settings.update' } });
			const [unsaved, saved] = [
				[old, before],
				[withMessage(text), before + 1]
			];
			if (moment === 'before it begins') expect([unsaved, saved]).toContainEqual([now, after]);
			else expect([now, after]).toEqual(moment === 'while it writes' ? unsaved : saved);
		}
	);
});

describe('reading settings', () => {
	it('makes no database queries', async () => {
		const { rows: clock } = await database.pool.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
		const calls = async () => {
			const { rows } = await database.pool.query<{ xacts: string }>(
				`SELECT count(*) AS xacts FROM pg_stat_activity
				WHERE datname = current_database() AND query LIKE '%system-config%' AND query_start > $1::timestamptz
					AND pid <> pg_backend_pid()`,
				[clock[0]?.now]
			);
			return Number(rows[0]?.xacts);
		};
		for (let round = 0; round < 50; round++) await here.send('GET', '/api/public/config');
		expect(await calls()).toBe(0);
	});
});
