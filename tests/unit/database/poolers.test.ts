import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import { openDatabase, type Database } from '#lib/server/platform/database/database.ts';
import { detectPooling } from '#lib/server/platform/database/pooling.ts';
import { createEmptyDatabase, migrationsDir, type TestDatabase } from '#tests/support/database.ts';
import { startPgBouncer, type PgBouncer, type PoolMode } from '#tests/support/pgbouncer.ts';

/** Session settings that poolers keep for each client, in every mode. */
const tracked = ["DateStyle = 'German, DMY'", "TimeZone = 'Asia/Kathmandu'", 'standard_conforming_strings = off'];
/** Other settings that once broke everything. */
const others = [
	"search_path = ''",
	"IntervalStyle = 'iso_8601'",
	"bytea_output = 'escape'",
	"default_transaction_isolation = 'serializable'",
	'default_transaction_read_only = on',
	"statement_timeout = '900ms'",
	"lock_timeout = '900ms'",
	"idle_session_timeout = '900ms'",
	"idle_in_transaction_session_timeout = '900ms'",
	'extra_float_digits = -15',
	'array_nulls = off',
	'exit_on_error = on',
	'gin_fuzzy_search_limit = 1',
	'transform_null_equals = on',
	'session_replication_role = replica',
	"client_encoding = 'LATIN1'"
];

let database: TestDatabase;
let bouncer: PgBouncer | undefined;
let opened: Database | undefined;

beforeEach(async () => {
	database = await createEmptyDatabase();
});

afterEach(async () => {
	await opened?.close();
	opened = undefined;
	await bouncer?.stop();
	bouncer = undefined;
	await database.close();
});

const name = () => database.connection.database ?? '';

async function through(mode: PoolMode, own?: string): Promise<string> {
	bouncer = await startPgBouncer(mode, database.connection, own);
	return bouncer.url;
}

async function open(databaseUrl: string): Promise<Database> {
	return (opened = await openDatabase({ databaseUrl, dataDir: '/nonexistent', migrationsDir }));
}

const getRefusal = async (url: string): Promise<string> => {
	const error: unknown = await open(url).then(
		() => null,
		(error: unknown) => error
	);
	return error instanceof Error ? error.message : '';
};

/** Writes and reads all data that the settings could corrupt. */
async function useAll({ prisma, pool }: Database): Promise<void> {
	const { id: clusterGroupId } = await prisma.clusterGroup.create({ data: {} });
	const createdAt = new Date('2026-03-04T05:06:07.089Z');
	const user = { clusterGroupId, email: 'zoë\\@example.com', name: "O'Neil \\ ü", createdAt };
	const made = await prisma.user.create({ data: user });
	await prisma.user.update({ where: { id: made.id }, data: { name: 'Renamed' } });
	const found = await prisma.user.findUniqueOrThrow({ where: { id: made.id } });
	expect(found).toMatchObject({ email: user.email, createdAt });
	expect(found.updatedAt.getTime()).toBeGreaterThan(createdAt.getTime());
	const key = await prisma.apiKey.create({
		data: { name: 'k', permissions: ['all'], key: Buffer.from([0, 255, 92]), userId: made.id }
	});
	expect([...(await prisma.apiKey.findUniqueOrThrow({ where: { id: key.id } })).key]).toEqual([0, 255, 92]);
	// The trigger reads a table of the public schema by its unqualified name.
	await prisma.apiKeyState.create({ data: { keyId: key.id, expiresAt: new Date() } });
	const raw = await pool.query<{ createdAt: Date }>('SELECT "createdAt" FROM "user" WHERE "id" = $1', [made.id]);
	expect(raw.rows[0]?.createdAt).toEqual(createdAt);
	await prisma.user.delete({ where: { id: made.id } });
}

const setAll = async (settings: readonly string[]) => {
	await database.pool.query(`CREATE SCHEMA elsewhere; CREATE TABLE elsewhere."user" (id int)`);
	await database.pool.query(settings.map((setting) => `ALTER DATABASE ${name()} SET ${setting}`).join('; '));
};

const readValue = async ({ pool }: Database, setting: string) =>
	(await pool.query<{ value: string }>('SELECT current_setting($1) AS value', [setting])).rows[0]?.value;

describe('session settings of the database', () => {
	it.each(['directly', 'behind a session pooler'])('change nothing %s', async (way) => {
		await setAll([...tracked, ...others]);
		await useAll(await open(way === 'directly' ? database.url : await through('session')));
		const timeouts = [
			'statement_timeout',
			'lock_timeout',
			'idle_session_timeout',
			'idle_in_transaction_session_timeout'
		];
		for (const timeout of timeouts) expect(opened && (await readValue(opened, timeout))).toBe('0');
		expect(opened && (await readValue(opened, 'exit_on_error'))).toBe('off');
		expect(opened && (await readValue(opened, 'gin_fuzzy_search_limit'))).toBe('0');
	});

	it('do not end the connections that carry notifications', async () => {
		await setAll(["idle_session_timeout = '300ms'"]);
		const { connection } = await open(database.url);
		const onInterrupted = vi.fn();
		const feed = new ChangeFeed(connection, { onInterrupted, onResumed: () => {} });
		await feed.start();
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		await feed.stop();
		expect(onInterrupted).not.toHaveBeenCalled();
	});

	it("never let another schema's table replace ours", async () => {
		await setAll(['search_path = elsewhere, public']);
		await useAll(await open(database.url));
	});

	it('change nothing behind a transaction pooler, as far as it keeps them', async () => {
		await setAll([...tracked, "IntervalStyle = 'sql_standard'", "bytea_output = 'escape'"]);
		await useAll(await open(await through('transaction')));
	});

	it.each([
		["search_path = ''", 'SET search_path = public;'],
		['search_path = elsewhere', 'SET search_path = public;'],
		['default_transaction_read_only = on', 'SET default_transaction_read_only = off;'],
		["default_transaction_isolation = 'serializable'", "SET default_transaction_isolation = 'read committed';"],
		['session_replication_role = replica', "SET session_replication_role = 'origin';"],
		['transform_null_equals = on', "SET transform_null_equals = 'off';"],
		['exit_on_error = on', "SET exit_on_error = 'off';"],
		['gin_fuzzy_search_limit = 1', "SET gin_fuzzy_search_limit = '0';"]
	])('are refused behind a transaction pooler, with the statement to run: %s', async (setting, advice) => {
		await database.pool.query('CREATE SCHEMA elsewhere');
		await database.pool.query(`ALTER DATABASE ${name()} SET ${setting}`);
		const message = await getRefusal(await through('transaction'));
		expect(message).toContain(advice);
		expect(message).toContain('transaction mode');
		const { rows } = await database.pool.query(`SELECT to_regclass('immich_auth._prisma_migrations') AS found`);
		expect(rows).toEqual([{ found: null }]);
	});
});

describe('a database that cannot be used', () => {
	it('is refused if its encoding has no place for some characters', async () => {
		await database.pool.query(
			`CREATE DATABASE ${name()}_latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc TEMPLATE template0`
		);
		const url = database.url.replace(name(), `${name()}_latin`);
		const message = await getRefusal(url);
		await database.pool.query(`DROP DATABASE ${name()}_latin WITH (FORCE)`);
		expect(message).toContain('LATIN1');
	});

	it('is refused with the statement to run if the user lacks rights', async () => {
		const role = `${name()}_poor`;
		await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
		await database.pool.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
		const url = new URL(database.url);
		[url.username, url.password] = [role, 'x'];
		const message = await getRefusal(url.href);
		await database.pool.query(`DROP ROLE ${role}`);
		expect(message).toContain(`OWNER TO "${role}"`);
	});
});

describe('a pooler', () => {
	it('that keeps sessions is distinguished from one that does not', async () => {
		expect(await detectPooling(database.connection)).toBe('session');
		expect(await detectPooling({ connectionString: await through('session') })).toBe('session');
		await bouncer?.stop();
		expect(await detectPooling({ connectionString: await through('transaction') })).toBe('transaction');
		await bouncer?.stop();
		const roundRobin = await through('transaction', 'server_round_robin = 1\nmin_pool_size = 5');
		expect(await detectPooling({ connectionString: roundRobin })).toBe('transaction');
	}, 30_000);

	it('in statement mode is refused with the setting to change', async () => {
		expect(await getRefusal(await through('statement'))).toContain('Set pool_mode to session or transaction.');
	});

	it('in transaction mode accepts the same query many times on many connections', async () => {
		const { pool, prisma } = await open(await through('transaction'));
		const named = { name: 'same', text: 'SELECT $1::int AS n' };
		const asked = Array.from({ length: 60 }, (_, n) => pool.query<{ n: number }>({ ...named, values: [n] }));
		expect((await Promise.all(asked)).map(({ rows }) => rows[0]?.n)).toEqual(asked.map((_, n) => n));
		await Promise.all(asked.map((_, n) => prisma.user.findMany({ where: { email: String(n) }, take: 1 })));
		await Promise.all(asked.slice(0, 5).map(() => prisma.$transaction((tx) => tx.user.count())));
	});
});

describe('the change feed', () => {
	it('is live only if its own notifications arrive', async () => {
		const onInterrupted = vi.fn();
		const options = { onInterrupted, onResumed: () => undefined };
		for (const [mode, isLive] of [
			['session', true],
			['transaction', false]
		] as const) {
			const feed = new ChangeFeed({ connectionString: await through(mode) }, options);
			await feed.start();
			expect(feed.isLive).toBe(isLive);
			expect(onInterrupted).toHaveBeenCalledTimes(isLive ? 0 : 1);
			await feed.stop();
			await bouncer?.stop();
			bouncer = undefined;
		}
	});
});
