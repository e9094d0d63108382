import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { Batches } from '#tests/support/batches.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { sessionSecretOf } from '#tests/support/vault.ts';

const count = 64;
let database: TestDatabase;
let accounts: Accounts;
const running: { server: TestServer; close: () => void }[] = [];

/** Starts one more server on the same database. */
async function join(): Promise<{ server: TestServer; request: Send }> {
	const server = await startServer({ DATABASE_URL: database.url });
	const { send, close } = createSender(server.url);
	running.push({ server, close });
	return { server, request: send };
}

async function stopAll(): Promise<void> {
	for (const { server, close } of running.splice(0)) {
		close();
		await server.stop();
	}
}

beforeAll(async () => {
	database = await createTestDatabase();
	await join();
	await stopAll();
	const secret = await sessionSecretOf(database.prisma);
	accounts = new Accounts(database.prisma, secret);
});

afterEach(stopAll);
afterAll(() => database.close());

/** Makes people, and a reset of all of them that has just been started on a server. */
async function startReset() {
	const users = await Promise.all(Array.from({ length: count }, () => accounts.makeUser()));
	const { token } = await accounts.signInAdmin();
	const first = await join();
	const batches = new Batches(first, token);
	const { id } = await batches.draft({ kind: 'resetPassword', ids: users.map((user) => user.id) });
	const pickupKey = await batches.start(id);
	return { users, token, first, batches, id, pickupKey };
}

/** Counts, by a trigger, how often each account's password has been written. */
async function countWrites(): Promise<void> {
	await database.pool.query(`
		CREATE TABLE IF NOT EXISTS public.password_write ("userId" uuid);
		CREATE OR REPLACE FUNCTION public.note_password_write() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN INSERT INTO public.password_write VALUES (NEW."id"); RETURN NEW; END $$;
		CREATE OR REPLACE TRIGGER note_password_write AFTER UPDATE OF "password" ON "user"
			FOR EACH ROW EXECUTE FUNCTION public.note_password_write();`);
}

async function expectEachOnce(batches: Batches, request: Send, id: string, pickupKey: string | null) {
	expect(await batches.finish(id)).toMatchObject({ total: count, done: count, failed: 0, passwords: count });
	const { rows } = await database.pool.query<{ writes: string; accounts: string }>(
		'SELECT count(*) AS writes, count(DISTINCT "userId") AS accounts FROM public.password_write'
	);
	expect(rows).toEqual([{ writes: String(count), accounts: String(count) }]);
	const passwords = await batches.takePasswords(id, pickupKey);
	expect(passwords.size).toBe(count);
	// A few of each part, and the seams; each sign-in takes a while.
	for (const [email, password] of [...passwords].filter((_, index) => index % 7 === 0))
		expect((await request('POST', '/api/auth/login', { body: { email, password } })).status, email).toBe(201);
}

/** Waits until a few are done and many are not. */
const expectMiddle = (id: string) =>
	expect.poll(() => doneOf(id), { timeout: 30_000, interval: 10 }).toBeGreaterThan(8);

const doneOf = async (id: string) => database.prisma.userBatchItem.count({ where: { batchId: id, outcome: 'done' } });

describe('a reset of many passwords', () => {
	beforeEach(async () => {
		await database.pool.query('DROP TABLE IF EXISTS public.password_write');
		await countWrites();
	});

	it('survives the server’s death in the middle: another goes on, and each is reset just once', async () => {
		const { token, first, id, pickupKey } = await startReset();
		await expectMiddle(id);
		first.server.process.kill('SIGKILL');
		await once(first.server.process, 'exit');
		const done = await doneOf(id);
		expect(done).toBeLessThan(count);
		// As half a minute later: nobody renews what the dead one had taken.
		await database.prisma.userBatch.update({ where: { id }, data: { leasedUntil: new Date(Date.now() - 1_000) } });
		const second = await join();
		await expectEachOnce(new Batches(second, token), second.request, id, pickupKey);
	});

	it('is taken up again although nobody asks for it', async () => {
		const { first, id } = await startReset();
		await expectMiddle(id);
		first.server.process.kill('SIGKILL');
		await once(first.server.process, 'exit');
		await join();
		// As half a minute later: that the dead one had it has been seen at the start.
		await database.prisma.userBatch.update({ where: { id }, data: { leasedUntil: new Date(Date.now() - 1_000) } });
		await expect.poll(() => doneOf(id), { timeout: 50_000, interval: 100 }).toBe(count);
	}, 90_000);

	it('ends well after an orderly stop: the chunk at hand is finished, and the next start goes on at once', async () => {
		const { token, first, id, pickupKey } = await startReset();
		await expectMiddle(id);
		await first.server.stop();
		expect(await database.prisma.userBatch.findUnique({ where: { id } })).toMatchObject({ leasedUntil: null });
		const second = await join();
		await expectEachOnce(new Batches(second, token), second.request, id, pickupKey);
	});

	it('is done by one server of two, whoever is asked', async () => {
		const { token, batches, first, id, pickupKey } = await startReset();
		const second = await join();
		const others = new Batches(second, token);
		await Promise.all([1, 2, 3, 4].flatMap(() => [batches.get(id), others.get(id)]));
		await expectEachOnce(others, first.request, id, pickupKey);
	});

	it('is done just once even by two that both believe it theirs', async () => {
		const { token, id, pickupKey } = await startReset();
		// As if the first had not been heard of for half a minute.
		await database.prisma.userBatch.update({ where: { id }, data: { leasedUntil: new Date(Date.now() - 1_000) } });
		const second = await join();
		await expectEachOnce(new Batches(second, token), second.request, id, pickupKey);
	});
});
