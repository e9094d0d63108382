import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import pg from 'pg';
import { Accounts } from '#tests/support/accounts.ts';
import { builtAdmin, root, runAdmin, toCommandEnv } from '#tests/support/command.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { readSessionSecret } from '#tests/support/vault.ts';

let database: TestDatabase;
let accounts: Accounts;

beforeAll(async () => {
	database = await createTestDatabase();
	await runAdmin(['enable-oauth-login'], { DATABASE_URL: database.url });
	accounts = new Accounts(database.prisma, await readSessionSecret(database.prisma));
	await accounts.makeAdmin();
});
afterAll(() => database.close());

const listTables = async ({ pool }: TestDatabase) =>
	(
		await pool.query<{ tablename: string }>(
			"SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
		)
	).rows;

describe('a database that is not ready', { timeout: 180_000 }, () => {
	it('is not migrated by a command other than migrate', async () => {
		const empty = await createEmptyDatabase();
		try {
			const env = { DATABASE_URL: empty.url };
			for (const given of [['list-users'], ['reset-admin-password', '--yes'], ['enable-maintenance-mode']]) {
				const { code, out, error } = await runAdmin(given, env);
				expect({ code, out }).toEqual({ code: 1, out: '' });
				expect(error).toMatch(/^The database has no tables of immich-auth\. Check DATABASE_URL/);
			}
			expect(await listTables(empty)).toEqual([]);
			const migrated = await runAdmin(['migrate'], env);
			expect(migrated.code).toBe(0);
			expect(migrated.out).toMatch(/^(Applied \d+_\w+\n)+The database is up to date\.\n$/);
			expect(await runAdmin(['migrate'], env)).toMatchObject({ code: 0, out: 'The database is up to date.\n' });
			expect(await runAdmin(['list-users'], env)).toEqual({ code: 0, out: '[]\n', error: '' });
		} finally {
			await empty.close();
		}
	});

	it('of an older version has to be migrated first', async () => {
		const older = await createTestDatabase();
		try {
			await older.pool.query(
				`DELETE FROM immich_auth._prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM immich_auth._prisma_migrations)`
			);
			const { code, error } = await runAdmin(['list-users'], { DATABASE_URL: older.url });
			expect(code).toBe(1);
			expect(error).toMatch(/^The database lacks 1 migrations of this version\./);
		} finally {
			await older.close();
		}
	});

	it('of a newer version is left alone, by migrate too', async () => {
		const newer = await createTestDatabase();
		try {
			await newer.pool.query(
				`INSERT INTO immich_auth._prisma_migrations (id, checksum, finished_at, migration_name)
				VALUES (gen_random_uuid(), 'x', now(), '29990101000000_future')`
			);
			for (const given of [['list-users'], ['migrate']]) {
				const { code, error } = await runAdmin(given, { DATABASE_URL: newer.url });
				expect(code).toBe(1);
				expect(error).toMatch(
					/^The database has been used by a newer version of immich-auth \(migration 29990101000000_future\)/
				);
			}
		} finally {
			await newer.close();
		}
	});

	it('that only can be read is named as that', async () => {
		const role = `reader_${String(process.pid)}`;
		const { database: name } = database.connection;
		const outside = new pg.Client({ ...inject('postgres'), database: name });
		await outside.connect();
		try {
			await outside.query(`CREATE ROLE ${role} LOGIN; GRANT pg_read_all_data TO ${role}`);
			const url = new URL(database.url);
			url.username = role;
			const { code, out, error } = await runAdmin(['enable-password-login'], { DATABASE_URL: url.href });
			expect({ code, out }).toEqual({ code: 1, out: '' });
			expect(error).toMatch(/^The database refuses this user a change\.[^]*Unable to enable password login\n$/);
		} finally {
			await outside.query(`DROP ROLE IF EXISTS ${role}`);
			await outside.end();
		}
	});

	it('with a wrong encryption key is refused', async () => {
		const env = { DATABASE_URL: database.url, IMMICH_AUTH_SECRET: 'not the key of this database' };
		const { code, error } = await runAdmin(['list-users'], env);
		expect(code).toBe(1);
		expect(error).toMatch(/^The encryption key from IMMICH_AUTH_SECRET is not the one/);
		expect(error).not.toContain(env.IMMICH_AUTH_SECRET);
	});
});

describe('the encryption key in a variable', { timeout: 180_000 }, () => {
	const [old, next] = ['the old key of this database', 'the new key of this database'];
	const run = (given: string[], env: Record<string, string>) => runAdmin(given, env);

	it('is replaced once both values are set, and never printed', async () => {
		const own = await createTestDatabase();
		try {
			const env = { DATABASE_URL: own.url, IMMICH_AUTH_SECRET: old };
			await run(['enable-oauth-login'], env);
			const refused = await run(['rotate-secret', '--yes'], env);
			expect(refused.code).toBe(1);
			expect(refused.error).toMatch(
				/comes from IMMICH_AUTH_SECRET, which no command can change[^]*IMMICH_AUTH_SECRET_PREVIOUS/
			);
			const both = { ...env, IMMICH_AUTH_SECRET: next, IMMICH_AUTH_SECRET_PREVIOUS: old };
			const rotated = await run(['rotate-secret', '--yes'], both);
			expect(rotated.code).toBe(0);
			expect(rotated.out).toMatch(
				/^The encryption key has been replaced\. It is now the one from IMMICH_AUTH_SECRET\./
			);
			expect((await run(['list-users'], { ...env, IMMICH_AUTH_SECRET: next })).code).toBe(0);
			expect((await run(['list-users'], env)).code).toBe(1);
			expect([refused, rotated].map(({ out, error }) => out + error).join('')).not.toMatch(/key of this database/);
			const [event] = await own.prisma.auditEvent.findMany({ where: { action: 'server.rotateKey' } });
			expect(event).toMatchObject({ credentialKind: 'commandLine', actorId: null });
		} finally {
			await own.close();
		}
	});

	it('is given up only if it is lost', async () => {
		const own = await createTestDatabase();
		try {
			const env = { DATABASE_URL: own.url, IMMICH_AUTH_SECRET: old };
			await run(['enable-oauth-login'], env);
			const refused = await run(['rotate-secret', '--lost', '--yes'], env);
			expect(refused.code).toBe(1);
			expect(refused.error).toMatch(/^The encryption key is not lost: IMMICH_AUTH_SECRET opens the database\./);
			expect(await own.prisma.encryptionKey.count()).toBe(1);
			const lost = { ...env, IMMICH_AUTH_SECRET: next };
			expect((await run(['rotate-secret', '--yes'], lost)).error).toMatch(/is not the one/);
			expect((await run(['rotate-secret', '--lost', '--yes'], lost)).out).toMatch(
				/^The encryption key has been given up\./
			);
			expect(await own.prisma.encryptionKey.count()).toBe(0);
			expect(await own.prisma.auditEvent.count({ where: { action: 'server.resetKey' } })).toBe(1);
			expect((await run(['list-users'], lost)).code).toBe(0);
		} finally {
			await own.close();
		}
	});
});

describe('output', { timeout: 180_000 }, () => {
	it('into a closed pipe ends quietly', async () => {
		await database.pool.query(
			`WITH face AS (INSERT INTO cluster_group DEFAULT VALUES RETURNING id)
			INSERT INTO "user" (email, name, "clusterGroupId")
			SELECT 'crowd-' || number || '@example.test', repeat('x', 200), face.id FROM face, generate_series(1, 5000) AS number`
		);
		const shell = spawnSync(
			'/bin/sh',
			['-c', `"$0" ${builtAdmin} list-users | head -c 100; echo done`, process.execPath],
			{
				cwd: root,
				env: toCommandEnv({ DATABASE_URL: database.url }),
				encoding: 'utf8'
			}
		);
		expect(shell.stderr).toBe('');
		expect(shell.stdout).toMatch(/^\[\{"id"[^]*done\n$/);
	});

	it('that nobody reads doesn’t undo a change', async () => {
		const child = spawn(process.execPath, [builtAdmin, 'enable-maintenance-mode'], {
			cwd: root,
			env: toCommandEnv({ DATABASE_URL: database.url })
		});
		child.stdout.destroy();
		const [error] = await Promise.all([text(child.stderr), once(child, 'exit')]);
		expect({ code: child.exitCode, error }).toEqual({ code: 0, error: '' });
		expect((await runAdmin(['disable-maintenance-mode'], { DATABASE_URL: database.url })).out).toMatch(
			/^Maintenance mode/
		);
	});

	it.runIf(process.platform === 'linux')('onto a full disk is a failure', () => {
		const shell = spawnSync('/bin/sh', ['-c', `"$0" ${builtAdmin} list-users > /dev/full`, process.execPath], {
			cwd: root,
			env: toCommandEnv({ DATABASE_URL: database.url }),
			encoding: 'utf8'
		});
		expect(shell.status).toBe(1);
		expect(shell.stderr).toMatch(/no space left/i);
	});
});

describe('a signal', { timeout: 180_000 }, () => {
	it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
		'%s while it waits for the database leaves nothing half-done',
		async (signal) => {
			const [admin] = await database.prisma.user.findMany({ where: { isAdmin: true } });
			if (!admin) throw new Error('There is no admin');
			const blocker = await database.pool.connect();
			await blocker.query('BEGIN');
			await blocker.query('SELECT 1 FROM "user" WHERE "id" = $1 FOR UPDATE', [admin.id]);
			const child = spawn(process.execPath, [builtAdmin, 'reset-admin-password', '--yes'], {
				cwd: root,
				env: toCommandEnv({ DATABASE_URL: database.url })
			});
			const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
			const isWaiting = async () =>
				(
					await database.pool.query(
						`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
					)
				).rowCount;
			await expect.poll(isWaiting, { timeout: 20_000 }).toBe(1);
			child.kill(signal);
			const [out, error] = await output;
			await blocker.query('ROLLBACK');
			blocker.release();
			expect(child.exitCode).toBe(1);
			expect(out).not.toContain('updated');
			expect(error).toContain('Stopped by a signal.');
			const [after] = await database.prisma.user.findMany({ where: { isAdmin: true } });
			expect(after?.password).toBe(admin.password);
		}
	);
});
