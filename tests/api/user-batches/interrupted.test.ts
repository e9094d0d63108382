import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '#tests/support/accounts.ts';
import { Batches } from '#tests/support/batches.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

/** Three chunks. */
const chunk = 8;
const count = 3 * chunk;
let database: TestDatabase;
let accounts: Accounts;

interface Running {
	readonly server: TestServer;
	readonly request: Send;
	readonly close: () => void;
}
/** On the same database; tests start those they need. */
const running: Running[] = [];

async function join(): Promise<Running> {
	const server = await startServer({ DATABASE_URL: database.url });
	const { send, close } = createSender(server.url);
	const joined = { server, request: send, close };
	running.push(joined);
	return joined;
}

async function twoServers(): Promise<readonly [Running, Running]> {
	await Promise.all(Array.from({ length: Math.max(0, 2 - running.length) }, join));
	return running as [Running, Running];
}

/** Stops a server or removes an exited one from the running ones. */
async function stop(stopped: Running): Promise<void> {
	running.splice(running.indexOf(stopped), 1);
	stopped.close();
	await stopped.server.stop();
}

beforeAll(async () => {
	database = await createTestDatabase();
	accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
});

/** Releases the user row locked by a test. */
let release = () => Promise.resolve();
afterEach(() => release());
afterAll(async () => {
	for (const left of [...running]) await stop(left);
	await database.close();
});

/** Creates users and starts resetting all of them, blocked in the second chunk until `release`. */
async function startReset(on: Running) {
	const users = await Promise.all(Array.from({ length: count }, () => accounts.makeUser()));
	const { token } = await accounts.signInAdmin();
	const batches = new Batches(on, token);
	const { id } = await batches.draft({ kind: 'resetPassword', ids: users.map((user) => user.id) });
	const holder = await database.pool.connect();
	await holder.query('BEGIN');
	await holder.query('SELECT 1 FROM "user" WHERE "id" = $1 FOR UPDATE', [users[chunk + 3]?.id]);
	release = async () => {
		release = () => Promise.resolve();
		await holder.query('COMMIT');
		holder.release(true);
	};
	const downloadKey = await batches.start(id);
	await expectHeld();
	expect(await countDone(id)).toBe(chunk);
	return { token, batches, id, downloadKey };
}

/** Waits until a server waits for the locked row. */
const expectHeld = () =>
	expect
		.poll(
			async () => {
				const waiting = await database.pool.query(
					`SELECT FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`
				);
				return waiting.rowCount;
			},
			{ timeout: 30_000, interval: 20 }
		)
		.toBe(1);

/** Simulates half a minute without a renewed lease. */
const expireLease = (id: string) =>
	database.prisma.userBatch.update({ where: { id }, data: { leasedUntil: new Date(Date.now() - 1_000) } });

/** Counts with a trigger how often each user's password is written. */
async function countWrites(): Promise<void> {
	await database.pool.query(`
		CREATE TABLE IF NOT EXISTS public.password_write ("userId" uuid);
		CREATE OR REPLACE FUNCTION public.note_password_write() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN INSERT INTO public.password_write VALUES (NEW."id"); RETURN NEW; END $$;
		CREATE OR REPLACE TRIGGER note_password_write AFTER UPDATE OF "password" ON "user"
			FOR EACH ROW EXECUTE FUNCTION public.note_password_write();`);
}

async function expectEachOnce(batches: Batches, request: Send, id: string, downloadKey: string | null) {
	expect(await batches.finish(id)).toMatchObject({ total: count, done: count, failed: 0, passwords: count });
	const { rows } = await database.pool.query<{ writes: string; accounts: string }>(
		'SELECT count(*) AS writes, count(DISTINCT "userId") AS accounts FROM public.password_write'
	);
	expect(rows).toEqual([{ writes: String(count), accounts: String(count) }]);
	const passwords = await batches.takePasswords(id, downloadKey);
	expect(passwords.size).toBe(count);
	// The first and last of each chunk.
	for (const [email, password] of [...passwords].filter((_, index) => [0, chunk - 1].includes(index % chunk)))
		expect((await request('POST', '/api/auth/login', { body: { email, password } })).status, email).toBe(201);
}

const isLeased = async (id: string) =>
	(await database.prisma.userBatch.count({ where: { id, leasedUntil: { gt: new Date() } } })) === 1;

const countDone = async (id: string) =>
	database.prisma.userBatchItem.count({ where: { batchId: id, outcome: 'done' } });

/** Several starts. */
const timeout = 180_000;

describe('a reset of many passwords', { timeout }, () => {
	beforeEach(async () => {
		await database.pool.query('DROP TABLE IF EXISTS public.password_write');
		await countWrites();
	});

	it('is done by one of two servers, whichever gets the requests', async () => {
		const [first, second] = await twoServers();
		const { token, batches, id, downloadKey } = await startReset(first);
		const others = new Batches(second, token);
		await Promise.all([1, 2, 3, 4].flatMap(() => [batches.get(id), others.get(id)]));
		await release();
		await expectEachOnce(others, first.request, id, downloadKey);
	});

	it('is done only once even if two servers both consider it theirs', async () => {
		const [first, second] = await twoServers();
		const { token, id, downloadKey } = await startReset(first);
		await expireLease(id);
		const others = new Batches(second, token);
		await others.get(id);
		await expect.poll(() => isLeased(id), { timeout: 30_000, interval: 20 }).toBe(true);
		await release();
		await expectEachOnce(others, second.request, id, downloadKey);
	});

	it('survives a server crash: another takes over on its own, and each password is reset once', async () => {
		const [first, second] = await twoServers();
		const { token, id, downloadKey } = await startReset(first);
		const ended = once(first.server.process, 'exit');
		first.server.process.kill('SIGKILL');
		await ended;
		await stop(first);
		await release();
		expect(await countDone(id)).toBe(chunk);
		await expireLease(id);
		// The other checks for such work every 15 seconds.
		await expect.poll(() => countDone(id), { timeout: 50_000, interval: 100 }).toBe(count);
		await expectEachOnce(new Batches(second, token), second.request, id, downloadKey);
	});

	it('survives a clean stop: the current chunk is finished, and the next start continues', async () => {
		const [first = await join()] = running;
		const { token, id, downloadKey } = await startReset(first);
		const stopped = stop(first);
		await release();
		await stopped;
		expect(await database.prisma.userBatch.findUnique({ where: { id } })).toMatchObject({ leasedUntil: null });
		expect(await countDone(id)).toBeGreaterThan(chunk);
		const next = running[0] ?? (await join());
		await expectEachOnce(new Batches(next, token), next.request, id, downloadKey);
	});
});
