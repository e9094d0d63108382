import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtAdmin, runAdmin, runNode } from '#tests/support/command.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { readFindings, useDoctor } from '#tests/support/doctor.ts';
import { startPgBouncer, type PoolMode } from '#tests/support/pgbouncer.ts';

const doctor = useDoctor();

describe('the doctor', { timeout: 180_000 }, () => {
	it('finds nothing wrong with a sound installation, and changes nothing', async () => {
		const before = await readdir(doctor.it.dataDir);
		const { bad, findings } = await doctor.it.examine();
		expect(bad).toEqual([]);
		expect(findings.map(({ check }) => check)).toEqual([
			...['configuration', 'database', 'schema', 'pooler', 'clock', 'secrets', 'proxy headers', 'mail', 'disk']
		]);
		expect(await readdir(doctor.it.dataDir)).toEqual(before);
		const { code, out, error } = await runAdmin(['doctor'], doctor.it.env);
		expect({ code, error }).toEqual({ code: 0, error: '' });
		expect(out).toMatch(/^\[ok\] {6}configuration: [^]*\n\n0 problems, 0 warnings\n$/);
	});

	it.each([
		['IMMICH_PORT', 'eighty', 'IMMICH_PORT: must be the number of a port'],
		['IMMICH_TRUSTED_PROXIES', 'my-proxy', 'IMMICH_TRUSTED_PROXIES: '],
		['DATABASE_URL', 'mysql://x', 'DATABASE_URL: must be a postgres:// address'],
		['IMMICH_AUTH_SECRET', 'short', 'IMMICH_AUTH_SECRET: has fewer than 16 characters']
	])('names an invalid variable: %s', async (name, value, message) => {
		const { bad } = await doctor.it.examine({ [name]: value });
		expect(bad).toHaveLength(1);
		expect(bad[0]).toContain(`problem configuration: ${message}`);
	});

	it('names variables of Kubernetes, and a config file that is wrong', async () => {
		const file = path.join(doctor.it.dataDir, 'config.yaml');
		await writeFile(file, 'passwordLogin: { enabled: true }\nnonsense: 1\n');
		const { bad } = await doctor.it.examine({
			IMMICH_AUTH_METRICS_PORT: 'tcp://10.96.0.1:9464',
			IMMICH_CONFIG_FILE: file
		});
		await rm(file);
		expect(bad).toEqual([
			expect.stringMatching(/^warning configuration: IMMICH_AUTH_METRICS_PORT is ignored/),
			'warning configuration: The config file has settings that are not known: nonsense'
		]);
		const missing = await doctor.it.examine({ IMMICH_CONFIG_FILE: file });
		expect(missing.bad).toEqual([
			expect.stringMatching(/^problem configuration: Invalid system config: .*config\.yaml/)
		]);
	});

	it('names a database that doesn’t answer, and still looks at the disk', async () => {
		const { bad, findings } = await doctor.it.examine({ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
		expect(bad).toEqual(['problem database: No database answers at 127.0.0.1:1 (DATABASE_URL).']);
		expect(findings.find(({ check }) => check === 'disk')?.status).toBe('ok');
	});

	it('sees a database that is empty, older or newer', async () => {
		const empty = await createEmptyDatabase();
		expect((await doctor.it.examine({ DATABASE_URL: empty.url })).bad).toEqual([
			'problem schema: The database has no tables of immich-auth.'
		]);
		await empty.close();
		const other = await createTestDatabase();
		const name = '29990101000000_future';
		await other.pool.query(
			`INSERT INTO immich_auth._prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'x', now(), $1)`,
			[name]
		);
		expect((await doctor.it.examine({ DATABASE_URL: other.url })).bad).toEqual([
			`problem schema: A newer version of immich-auth has used this database (migration ${name}).`
		]);
		await other.pool.query(
			`DELETE FROM immich_auth._prisma_migrations WHERE migration_name ~ '_(future|audit_action_name)$'`
		);
		expect((await doctor.it.examine({ DATABASE_URL: other.url })).bad).toEqual([
			'problem schema: Migrations of this version have not been applied: 1.'
		]);
		await other.close();
	});

	it.each<[PoolMode, readonly unknown[]]>([
		['session', []],
		['transaction', [expect.stringMatching(/^warning pooler: A connection pooler in transaction mode/)]],
		['statement', [expect.stringMatching(/^problem database: .*statement mode/)]]
	])('detects a pooler in %s mode', async (mode, expected) => {
		const pooler = await startPgBouncer(mode, doctor.it.database.connection);
		try {
			expect((await doctor.it.examine({ DATABASE_URL: pooler.url })).bad).toEqual(expected);
		} finally {
			await pooler.stop();
		}
	});

	it('compares the clocks', async () => {
		const withClock = async (behindMs: number) => {
			const given = ['--require', './tests/support/shifted-clock.cjs', builtAdmin, 'doctor', '--json'];
			const { code, out, error } = await runNode(given, { ...doctor.it.env, CLOCK_BEHIND_MS: String(behindMs) });
			return readFindings(code, out, error).bad;
		};
		expect(await withClock(0)).toEqual([]);
		expect(await withClock(10_000)).toEqual(['warning clock: The clock of the database is 10 s ahead.']);
		expect(await withClock(-90_000)).toEqual(['problem clock: The clock of the database is 90 s behind.']);
	});

	it('notices events from the future', async () => {
		const other = await createTestDatabase();
		try {
			await runAdmin(['enable-oauth-login'], { ...doctor.it.env, DATABASE_URL: other.url });
			await other.pool.query(
				`INSERT INTO immich_auth.audit_event ("at", "action") VALUES (now() + interval '1 hour', 'auth.signIn')`
			);
			expect((await doctor.it.examine({ DATABASE_URL: other.url })).bad).toEqual([
				expect.stringMatching(/^problem clock: The newest audit event is from the future/)
			]);
		} finally {
			await other.close();
		}
	});

	it('notices that the user may not change the tables', async () => {
		const role = `reader_${String(process.pid)}`;
		await doctor.it.database.pool.query(`CREATE ROLE ${role} LOGIN; GRANT pg_read_all_data TO ${role}`);
		const url = new URL(doctor.it.database.url);
		url.username = role;
		try {
			expect((await doctor.it.examine({ DATABASE_URL: url.href })).bad).toEqual([
				expect.stringMatching(/^problem database: .*this user may not change everything/)
			]);
		} finally {
			await doctor.it.database.pool.query(`DROP ROLE ${role}`);
		}
	});
});

describe('the doctor and secrets', { timeout: 180_000 }, () => {
	let own: TestDatabase;
	let folder: string;
	const key = () => path.join(folder, 'secret.key');
	const examineOwn = async (more: Record<string, string> = {}) =>
		(await doctor.it.examine({ DATABASE_URL: own.url, DATA_DIR: folder, IMMICH_AUTH_SECRET: '', ...more })).bad;

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

describe('the doctor and the disk', { timeout: 180_000 }, () => {
	it.runIf(process.platform === 'linux')('notices a folder that can’t be written', async () => {
		expect((await doctor.it.examine({ DATA_DIR: '/proc/immich' })).bad.filter((line) => line.includes('disk'))).toEqual(
			['problem disk: /proc cannot be written by this user.']
		);
	});
});
