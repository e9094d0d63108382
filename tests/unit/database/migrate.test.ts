import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '#lib/server/platform/database/migrate.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import { createEmptyDatabase, migrationsDir, type TestDatabase } from '#tests/support/database.ts';

describe('migrate', () => {
	let database: TestDatabase;
	let folder: string;
	let names: string[];
	const clients: pg.Client[] = [];

	beforeEach(async () => {
		database = await createEmptyDatabase();
		folder = await mkdtemp(path.join(os.tmpdir(), 'immich-auth-migrations-'));
		await cp(migrationsDir, folder, { recursive: true });
		names = (await readdir(folder)).filter((name) => !name.includes('.')).sort();
	});

	afterEach(async () => {
		for (const client of clients.splice(0)) await client.end();
		await database.close();
		await rm(folder, { recursive: true });
	});

	const mirrors = () => names.filter((name) => name.endsWith('_mirror'));

	async function connect(): Promise<pg.Client> {
		const client = new pg.Client(database.connection);
		clients.push(client);
		await client.connect();
		return client;
	}

	async function run(onProgress?: (message: string) => void) {
		return await migrate(await connect(), folder, onProgress);
	}

	async function fail(): Promise<string> {
		const error = await run().catch((error: unknown) => error);
		expect(error).toBeInstanceOf(StartupError);
		return error instanceof Error ? error.message : '';
	}

	async function addMigration(name: string, sql: string): Promise<void> {
		await mkdir(path.join(folder, name));
		await writeFile(path.join(folder, name, 'migration.sql'), sql);
	}

	async function readRecords() {
		const { rows } = await database.pool.query<{ name: string; steps: number }>(
			`SELECT migration_name AS name, applied_steps_count AS steps FROM immich_auth."_prisma_migrations"
			WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`
		);
		return rows;
	}

	async function hasTable(name: string): Promise<boolean> {
		const { rows } = await database.pool.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
			name
		]);
		return rows[0]?.found ?? false;
	}

	/** Creates the tables as Immich would, without our migration records. */
	async function makeImmichTables(): Promise<void> {
		for (const name of mirrors())
			await database.pool.query(await readFile(path.join(folder, name, 'migration.sql'), 'utf8'));
	}

	it('applies every migration to an empty database, in order', async () => {
		expect(await run()).toEqual({ applied: names, adopted: [], immich: null });
		expect(await readRecords()).toEqual(names.map((name) => ({ name, steps: 1 })));
	});

	it('leaves a migrated database unchanged', async () => {
		await run();
		expect(await run()).toEqual({ applied: [], adopted: [], immich: null });
	});

	it('applies only new migrations', async () => {
		await run();
		await addMigration('99990101000000_more', 'CREATE TABLE more (id int)');
		expect(await run()).toEqual({ applied: ['99990101000000_more'], adopted: [], immich: null });
	});

	it('logs once what it does, and nothing if there is nothing to do', async () => {
		const said: string[] = [];
		const say = (message: string) => said.push(message);
		await run(say);
		await run(say);
		await addMigration('99990101000000_more', 'CREATE TABLE more (id int)');
		await run(say);
		expect(said).toEqual(['Creating the database tables', 'Updating the database']);
	});

	it('applies each migration once when three instances run it at the same time', async () => {
		const reports = await Promise.all([run(), run(), run()]);
		expect(reports.flatMap((report) => report.applied)).toEqual(names);
		expect(await readRecords()).toHaveLength(names.length);
	});

	it('refuses a migration that was edited after it was applied', async () => {
		await run();
		const edited = names[1] ?? '';
		await writeFile(path.join(folder, edited, 'migration.sql'), 'SELECT 1');
		expect(await fail()).toContain(`Migration ${edited} was edited`);
	});

	it('accepts a checkout with other line endings', async () => {
		await run();
		for (const name of names) {
			const file = path.join(folder, name, 'migration.sql');
			await writeFile(file, (await readFile(file, 'utf8')).replaceAll('\n', '\r\n'));
		}
		expect(await run()).toEqual({ applied: [], adopted: [], immich: null });
	});

	it('refuses to continue after a migration that failed halfway', async () => {
		await run();
		await database.pool.query(
			`UPDATE immich_auth."_prisma_migrations" SET finished_at = NULL WHERE migration_name = $1`,
			[names[2]]
		);
		expect(await fail()).toContain(`Migration ${names[2] ?? ''} failed halfway`);
	});

	it('reruns a migration that was marked as rolled back', async () => {
		await run();
		await addMigration('99990101000000_more', 'CREATE TABLE more (id int)');
		await database.pool.query(
			`INSERT INTO immich_auth."_prisma_migrations" (id, checksum, migration_name, rolled_back_at) VALUES ('1', 'x', '99990101000000_more', now())`
		);
		expect((await run()).applied).toEqual(['99990101000000_more']);
	});

	it('changes nothing if one migration fails', async () => {
		await addMigration('99990101000000_bad', 'CREATE TABLE half (id int); SELECT 1 / 0');
		expect(await fail()).toBe('Migration 99990101000000_bad failed, and nothing was changed: division by zero');
		expect(await hasTable('half')).toBe(false);
		expect(await hasTable('immich_auth._prisma_migrations')).toBe(false);
		expect(await hasTable('public.user')).toBe(false);
	});

	it.each([
		['a schema immich_auth', 'CREATE SCHEMA immich_auth; CREATE TABLE immich_auth.thing ()', 'a schema immich_auth,'],
		['a function in it', `CREATE SCHEMA immich_auth; CREATE FUNCTION immich_auth.f() RETURNS int RETURN 1`, 'schema'],
		['a schema of jobs', 'CREATE SCHEMA immich_auth_jobs; CREATE TABLE immich_auth_jobs.job ()', 'immich_auth_jobs'],
		['tables of the same name', 'CREATE TABLE session (id int); CREATE TABLE asset (id int)', '(asset, session)'],
		['a table of any name', 'CREATE TABLE things (id int)', 'tables of another program (things)'],
		['the tables of Immich 2', 'CREATE TABLE users (id int); CREATE TABLE sessions (id int)', 'older than 3.0'],
		['a table of accounts', 'CREATE TABLE "user" (id int)', 'tables of another program'],
		['a function of the same name', `CREATE FUNCTION updated_at() RETURNS int RETURN 1`, 'Another program made it.'],
		[
			'migrations of another program',
			`CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
			migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz DEFAULT now(),
			applied_steps_count int DEFAULT 0);
			INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '20200101000000_init')`,
			'belong to another program'
		],
		['a table _prisma_migrations of another form', 'CREATE TABLE _prisma_migrations (n int)', 'another program made']
	])('refuses %s of another program, and changes nothing', async (_, sql, words) => {
		await database.pool.query(sql);
		const objects = `SELECT count(*) FROM pg_class`;
		const before = (await database.pool.query(objects)).rows;
		expect(await fail()).toContain(words);
		expect((await database.pool.query(objects)).rows).toEqual(before);
	});

	it('works beside tables of the same name in another schema, and with an existing empty schema', async () => {
		await database.pool.query('CREATE SCHEMA other; CREATE TABLE other."user" (id int); CREATE SCHEMA immich_auth');
		expect((await run()).applied).toEqual(names);
	});

	it('refuses a backup that was restored without our schema', async () => {
		await run();
		await database.pool.query('DROP SCHEMA immich_auth CASCADE');
		expect(await fail()).toContain('The schema immich_auth is missing');
	});

	it('names a folder that it cannot read', async () => {
		await rm(path.join(folder, names[0] ?? '', 'migration.sql'));
		expect(await fail()).toContain(folder);
	});

	it("adopts Immich's own tables: records the mirror as applied and runs the rest", async () => {
		await makeImmichTables();
		const adopted = names.filter((name) => /_(mirror|indexes)$/.test(name));
		const others = names.filter((name) => !adopted.includes(name));
		expect(await run()).toMatchObject({ applied: others, adopted, immich: { form: '3.2' } });
		expect(await hasTable('immich_auth.password_state')).toBe(true);
		expect(await readRecords()).toEqual(names.map((name) => ({ name, steps: others.includes(name) ? 1 : 0 })));
		expect(await run()).toMatchObject({ applied: [], adopted: [], immich: { form: '3.2' } });
	});

	it("leaves later changes of adopted tables to Immich's own migrations", async () => {
		await makeImmichTables();
		await run();
		await addMigration('99990101000000_more_mirror', 'SELECT 1 / 0');
		expect(await run()).toMatchObject({ applied: [], adopted: ['99990101000000_more_mirror'] });
	});

	it('keeps its records with its own tables, and moves those of an earlier version there', async () => {
		await run();
		await database.pool.query('ALTER TABLE immich_auth._prisma_migrations SET SCHEMA public');
		expect(await run()).toEqual({ applied: [], adopted: [], immich: null });
		expect(await hasTable('public._prisma_migrations')).toBe(false);
		expect(await readRecords()).toHaveLength(names.length);
	});

	it.each([
		['a column', 'ALTER TABLE "user" DROP COLUMN "pinCode"', 'it lacks user.pinCode'],
		['a table', 'DROP TABLE notification', 'it lacks the table notification'],
		['the table of groups', 'DROP TABLE cluster_group CASCADE', 'it lacks the table cluster_group']
	])('refuses the tables of an Immich that lacks %s without touching them', async (_, sql, words) => {
		await makeImmichTables();
		await database.pool.query(sql);
		expect(await fail()).toContain(words);
		expect(await hasTable('immich_auth._prisma_migrations')).toBe(false);
	});
});
