import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Accounts } from '#tests/support/accounts.ts';
import { builtAdmin, runAdmin, runNode } from '#tests/support/command.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender, type Send } from '#tests/support/http.ts';
import { startMailServer } from '#tests/support/mail.ts';
import { startPgBouncer, type PoolMode } from '#tests/support/pgbouncer.ts';
import { selfSigned } from '#tests/support/self-signed.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

const Findings = z.array(
	z.strictObject({
		check: z.string(),
		status: z.enum(['ok', 'warning', 'problem', 'skipped']),
		message: z.string().min(1),
		advice: z.string().min(1).nullable()
	})
);

let database: TestDatabase;
let server: TestServer;
let send: Send;
let close: () => void;
let dataDir: string;
let env: Record<string, string>;

beforeAll(async () => {
	database = await createTestDatabase();
	dataDir = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-doctor-'));
	env = { DATABASE_URL: database.url, DATA_DIR: dataDir };
	server = await startServer(env);
	({ send, close } = createSender(server.url));
});
afterAll(async () => {
	close();
	await server.stop();
	await database.close();
	await rm(dataDir, { recursive: true });
});

/** Runs the doctor and returns the findings that aren't fine, in short. */
async function examine(more: Record<string, string> = {}) {
	const { code, out, error } = await runAdmin(['doctor', '--json'], { ...env, ...more });
	return judge(code, out, error);
}

function judge(code: number | null, out: string, error: string) {
	const findings = Findings.parse(JSON.parse(out));
	const bad = findings.filter(({ status }) => status === 'warning' || status === 'problem');
	expect(bad.every(({ advice }) => advice !== null)).toBe(true);
	expect(findings.filter(({ status }) => status === 'ok').every(({ advice }) => advice === null)).toBe(true);
	expect(code).toBe(bad.some(({ status }) => status === 'problem') ? 1 : 0);
	expect(out + error).not.toMatch(/the encryption key of every test|mail secret/);
	return { bad: bad.map(({ check, status, message }) => `${status} ${check}: ${message}`), findings };
}

/** Stores settings as an admin could have. */
const saveSystem = async (value: object) => {
	await database.prisma.systemMetadata.upsert({
		where: { key: 'system-config' },
		create: { key: 'system-config', value },
		update: { value }
	});
};
const forgetSystem = () => database.prisma.systemMetadata.deleteMany({ where: { key: 'system-config' } });

describe('the doctor', { timeout: 180_000 }, () => {
	it('finds nothing wrong with a sound installation, and changes nothing', async () => {
		const before = await readdir(dataDir);
		const { bad, findings } = await examine();
		expect(bad).toEqual([]);
		expect(findings.map(({ check }) => check)).toEqual([
			...['configuration', 'database', 'schema', 'pooler', 'clock', 'secrets', 'proxy headers', 'mail', 'disk']
		]);
		expect(await readdir(dataDir)).toEqual(before);
		const { code, out, error } = await runAdmin(['doctor'], env);
		expect({ code, error }).toEqual({ code: 0, error: '' });
		expect(out).toMatch(/^\[ok\] {6}configuration: [^]*\n\n0 problems, 0 warnings\n$/);
	});

	it.each([
		['IMMICH_PORT', 'eighty', 'IMMICH_PORT: must be the number of a port'],
		['IMMICH_TRUSTED_PROXIES', 'my-proxy', 'IMMICH_TRUSTED_PROXIES: '],
		['DATABASE_URL', 'mysql://x', 'DATABASE_URL: must be a postgres:// address'],
		['IMMICH_AUTH_SECRET', 'short', 'IMMICH_AUTH_SECRET: has fewer than 16 characters']
	])('names an invalid variable: %s', async (name, value, message) => {
		const { bad } = await examine({ [name]: value });
		expect(bad).toHaveLength(1);
		expect(bad[0]).toContain(`problem configuration: ${message}`);
	});

	it('names variables of Kubernetes, and a config file that is wrong', async () => {
		const file = path.join(dataDir, 'config.yaml');
		await writeFile(file, 'passwordLogin: { enabled: true }\nnonsense: 1\n');
		const { bad } = await examine({ IMMICH_AUTH_METRICS_PORT: 'tcp://10.96.0.1:9464', IMMICH_CONFIG_FILE: file });
		await rm(file);
		expect(bad).toEqual([
			expect.stringMatching(/^warning configuration: IMMICH_AUTH_METRICS_PORT is ignored/),
			'warning configuration: The config file has settings that are not known: nonsense'
		]);
		const missing = await examine({ IMMICH_CONFIG_FILE: file });
		expect(missing.bad).toEqual([
			expect.stringMatching(/^problem configuration: Invalid system config: .*config\.yaml/)
		]);
	});

	it('names a database that doesn’t answer, and still looks at the disk', async () => {
		const { bad, findings } = await examine({ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
		expect(bad).toEqual(['problem database: No database answers at 127.0.0.1:1 (DATABASE_URL).']);
		expect(findings.find(({ check }) => check === 'disk')?.status).toBe('ok');
	});

	it('sees a database that is empty, older or newer', async () => {
		const empty = await createEmptyDatabase();
		expect((await examine({ DATABASE_URL: empty.url })).bad).toEqual([
			'problem schema: The database has no tables of immich-auth.'
		]);
		await empty.close();
		const other = await createTestDatabase();
		const name = '29990101000000_future';
		await other.pool.query(
			`INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'x', now(), $1)`,
			[name]
		);
		expect((await examine({ DATABASE_URL: other.url })).bad).toEqual([
			`problem schema: A newer version of immich-auth has used this database (migration ${name}).`
		]);
		await other.pool.query(`DELETE FROM _prisma_migrations WHERE migration_name ~ '_(future|audit_action_name)$'`);
		expect((await examine({ DATABASE_URL: other.url })).bad).toEqual([
			'problem schema: Migrations of this version have not been applied: 1.'
		]);
		await other.close();
	});

	it.each<[PoolMode, readonly unknown[]]>([
		['session', []],
		['transaction', [expect.stringMatching(/^warning pooler: A connection pooler in transaction mode/)]],
		['statement', [expect.stringMatching(/^problem database: .*statement mode/)]]
	])('detects a pooler in %s mode', async (mode, expected) => {
		const pooler = await startPgBouncer(mode, database.connection);
		try {
			expect((await examine({ DATABASE_URL: pooler.url })).bad).toEqual(expected);
		} finally {
			await pooler.stop();
		}
	});

	it('compares the clocks', async () => {
		const withClock = async (behindMs: number) => {
			const given = ['--require', './tests/support/shifted-clock.cjs', builtAdmin, 'doctor', '--json'];
			const { code, out, error } = await runNode(given, { ...env, CLOCK_BEHIND_MS: String(behindMs) });
			return judge(code, out, error).bad;
		};
		expect(await withClock(0)).toEqual([]);
		expect(await withClock(10_000)).toEqual(['warning clock: The clock of the database is 10 s ahead.']);
		expect(await withClock(-90_000)).toEqual(['problem clock: The clock of the database is 90 s behind.']);
	});

	it('notices events from the future', async () => {
		const other = await createTestDatabase();
		try {
			await runAdmin(['enable-oauth-login'], { ...env, DATABASE_URL: other.url });
			await other.pool.query(
				`INSERT INTO immich_auth.audit_event ("at", "action") VALUES (now() + interval '1 hour', 'auth.signIn')`
			);
			expect((await examine({ DATABASE_URL: other.url })).bad).toEqual([
				expect.stringMatching(/^problem clock: The newest audit event is from the future/)
			]);
		} finally {
			await other.close();
		}
	});

	it('notices that the user may not change the tables', async () => {
		const role = `reader_${String(process.pid)}`;
		await database.pool.query(`CREATE ROLE ${role} LOGIN; GRANT pg_read_all_data TO ${role}`);
		const url = new URL(database.url);
		url.username = role;
		try {
			expect((await examine({ DATABASE_URL: url.href })).bad).toEqual([
				expect.stringMatching(/^problem database: .*this user may not change everything/)
			]);
		} finally {
			await database.pool.query(`DROP ROLE ${role}`);
		}
	});
});

describe('the doctor and secrets', { timeout: 180_000 }, () => {
	let own: TestDatabase;
	let folder: string;
	const key = () => path.join(folder, 'secret.key');
	const examineOwn = async (more: Record<string, string> = {}) =>
		(await examine({ DATABASE_URL: own.url, DATA_DIR: folder, IMMICH_AUTH_SECRET: '', ...more })).bad;

	beforeEach(async () => {
		own = await createTestDatabase();
		folder = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-doctor-'));
		await runAdmin(['enable-oauth-login'], { DATABASE_URL: own.url, DATA_DIR: folder, IMMICH_AUTH_SECRET: '' });
	});
	afterEach(async () => {
		await own.close();
		await rm(folder, { recursive: true });
	});

	it('sees a key that is open to others, and leaves it alone', async () => {
		expect(await examineOwn()).toEqual([]);
		await chmod(key(), 0o644);
		const warning = `warning secrets: Other users of this machine can read the encryption key ${key()}.`;
		expect(await examineOwn()).toEqual([warning]);
		expect(await examineOwn()).toEqual([warning]);
	});

	it('sees a key that is missing, wrong, damaged, or about to be replaced', async () => {
		expect(await examineOwn({ IMMICH_AUTH_SECRET: 'a key from a variable' })).toEqual([
			`warning secrets: The database is still encrypted with the key from ${key()}.`
		]);
		await writeFile(`${key()}.previous`, 'an old key of this server\n', { mode: 0o600 });
		expect(await examineOwn()).toEqual([
			`warning secrets: A replacement of the key has left the old one in ${key()}.previous.`
		]);
		await writeFile(key(), 'another key from elsewhere\n');
		expect(await examineOwn()).toEqual([expect.stringMatching(/^problem secrets: .*secret\.key is not the one/)]);
		await writeFile(key(), '');
		expect(await examineOwn()).toEqual([expect.stringMatching(/^problem secrets: .*is empty or damaged/)]);
		await rm(key());
		expect(await examineOwn()).toEqual([expect.stringMatching(/^problem secrets: The encryption key.*is missing/)]);
		expect(await readdir(folder)).toEqual(['secret.key.previous']);
	});

	it('sees stored secrets that can’t be decrypted', async () => {
		const value = { oauth: { clientSecret: 'immich-auth:sealed:bm90aGluZyB0aGF0IG9wZW5zIGhlcmUgYXQgYWxs' } };
		await own.prisma.systemMetadata.update({ where: { key: 'system-config' }, data: { value } });
		expect(await examineOwn()).toEqual([expect.stringMatching(/^warning secrets: Stored secrets cannot be decrypted/)]);
	});
});

describe('the doctor and the way to the server', { timeout: 180_000 }, () => {
	/** A reverse proxy with TLS, which sends these headers. */
	async function startProxy(headers: Record<string, string>, keepsHost: boolean) {
		const proxy = https.createServer(selfSigned, (request, response) => {
			const { host, ...rest } = request.headers;
			const onward = http.request(
				{
					port: server.port,
					method: request.method,
					path: request.url,
					headers: { ...rest, host: keepsHost ? host : `localhost:${String(server.port)}`, ...headers }
				},
				(reply) => {
					response.writeHead(reply.statusCode ?? 502, reply.headers);
					reply.pipe(response);
				}
			);
			request.pipe(onward);
		});
		await once(proxy.listen(0, '127.0.0.1'), 'listening');
		const { port } = proxy.address() as AddressInfo;
		return { origin: `https://localhost:${String(port)}`, close: () => proxy.close() };
	}

	afterEach(forgetSystem);

	it.each([
		[{ 'x-forwarded-proto': 'https' }, true, null],
		[{}, true, 'The server does not see that requests to ORIGIN are encrypted.'],
		[
			{ 'x-forwarded-proto': 'https' },
			false,
			'The server does not take itself for ORIGIN, so browsers’ forms can be refused.'
		]
	] as const)('behind a proxy that sends %j, with the host kept: %s', async (headers, keepsHost, expected) => {
		const proxy = await startProxy({ ...headers, 'x-forwarded-for': '203.0.113.7' }, keepsHost);
		const ca = path.join(dataDir, 'ca.pem');
		await writeFile(ca, selfSigned.cert);
		try {
			await saveSystem({ server: { externalDomain: proxy.origin } });
			const { bad } = await examine({ NODE_EXTRA_CA_CERTS: ca });
			const words = expected?.replace('ORIGIN', proxy.origin);
			expect(bad).toEqual(words === undefined ? [] : [`warning proxy headers: ${words}`]);
			const untrusted = await examine();
			expect(untrusted.bad).toEqual([
				expect.stringMatching(
					/^warning proxy headers: https:\/\/localhost:\d+ cannot be reached from this machine: .*certificate/i
				)
			]);
		} finally {
			proxy.close();
			await rm(ca);
		}
	});

	it('notices another program at the external domain', async () => {
		const other = http.createServer((_, response) => response.end('hello'));
		await once(other.listen(0, '127.0.0.1'), 'listening');
		const origin = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
		try {
			await saveSystem({ server: { externalDomain: origin } });
			expect((await examine()).bad).toEqual([
				`warning proxy headers: ${origin} is answered by another program (status 200).`
			]);
		} finally {
			other.close();
		}
	});

	it('notices that everyone signs in from the address of a proxy', async () => {
		const accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
		for (let count = 0; count < 3; count++) {
			const { email } = await accounts.makeUser();
			await send('POST', '/api/auth/login', { body: { email, password: 'correct horse battery' } });
		}
		expect((await examine()).bad).toEqual([
			expect.stringMatching(/^warning proxy headers: 3 users have all signed in from 127\.0\.0\.1/)
		]);
	});
});

describe('the doctor and mail', { timeout: 180_000 }, () => {
	afterEach(forgetSystem);

	it('tries the mail server', async () => {
		const mail = await startMailServer();
		const transport = { host: '127.0.0.1', port: mail.port, secure: false, ignoreCert: true, username: 'photos' };
		const save = (password: string) =>
			saveSystem({ notifications: { smtp: { enabled: true, transport: { ...transport, password } } } });
		const bad = async () => (await examine()).bad.filter((line) => line.includes('mail:'));
		try {
			await save('mail secret');
			expect(await bad()).toEqual([]);
			await save('wrong');
			expect(await bad()).toEqual([
				`problem mail: 127.0.0.1:${String(mail.port)}: The mail server refuses this user name or password.`
			]);
		} finally {
			await mail.close();
		}
		expect(await bad()).toEqual([expect.stringMatching(/The mail server cannot be reached\.$/)]);
	});
});

describe('the doctor and the disk', { timeout: 180_000 }, () => {
	it.runIf(process.platform === 'linux')('notices a folder that can’t be written', async () => {
		expect((await examine({ DATA_DIR: '/proc/immich' })).bad.filter((line) => line.includes('disk'))).toEqual([
			'problem disk: /proc cannot be written by this user.'
		]);
	});
});
