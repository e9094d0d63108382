import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
	startEmbeddedPostgres,
	type EmbeddedConnection,
	type EmbeddedPostgres,
	type EmbeddedPostgresOptions
} from '#lib/server/platform/embedded-postgres/index.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import { holdDatabase, type Child } from '../database/child.ts';

const timeout = 60_000;

describe('startEmbeddedPostgres', { timeout }, () => {
	const dataDirs: string[] = [];
	const servers: EmbeddedPostgres[] = [];
	const children: Child[] = [];

	afterEach(async () => {
		for (const child of children.splice(0)) await child.kill();
		for (const server of servers.splice(0)) await server.stop();
		for (const dataDir of dataDirs.splice(0)) {
			await killPostmaster(dataDir).catch(() => {});
			await rm(dataDir, { recursive: true, force: true });
		}
	});

	function newDataDir(...folders: string[]): string {
		const root = path.join(os.tmpdir(), `immich-auth-test-${randomUUID()}`);
		dataDirs.push(root);
		return path.join(root, ...folders);
	}

	async function start(dataDir: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
		const server = await startEmbeddedPostgres({ dataDir, ...options });
		servers.push(server);
		return server;
	}

	function hold(dataDir: string): Child {
		const child = holdDatabase(dataDir);
		children.push(child);
		return child;
	}

	it('creates the database at the first start, and reuses it at the next', async () => {
		const dataDir = newDataDir();
		const progress: string[] = [];
		const onProgress = (message: string) => progress.push(message);

		const first = await start(dataDir, { onProgress });
		expect(first.ownsServer).toBe(true);
		expect(progress).toEqual(['First start: creating the database']);
		await query(first.connection, 'CREATE TABLE kept AS SELECT 1 AS one');
		await first.stop();
		expect(await answers(first.connection)).toBe(false);

		const second = await start(dataDir, { onProgress });
		expect(progress).toHaveLength(1);
		expect(await query(second.connection, 'SELECT * FROM kept')).toEqual([{ one: 1 }]);
	});

	it('restricts the socket folder to its owner', async () => {
		const server = await start(newDataDir());
		const { mode } = await stat(server.connection.host);
		expect(mode & 0o077).toBe(0);
	});

	it('serves two concurrent first starts from one server, which the last one stops', async () => {
		const dataDir = newDataDir();
		const both = [hold(dataDir), hold(dataDir)] as const;
		await Promise.all(both.map((child) => child.waitFor((line) => line === 'open')));

		const joined = await start(dataDir);
		expect(joined.ownsServer).toBe(false);
		await both[0].stop();
		await both[1].stop();
		expect(await answers(joined.connection)).toBe(true);
		await joined.stop();
		expect(await answers(joined.connection)).toBe(false);
	});

	it('loses no acknowledged row when process and server are killed', async () => {
		const dataDir = newDataDir();
		const child = hold(dataDir);
		await child.waitFor((line) => line === 'ack 100');
		await child.kill();
		await killPostmaster(dataDir);
		const acknowledged = child.lines.filter((line) => line.startsWith('ack ')).length;

		const server = await start(dataDir);
		const [row] = await query(server.connection, 'SELECT count(*)::int AS count FROM acknowledged WHERE number <= $1', [
			acknowledged
		]);
		expect(row).toEqual({ count: acknowledged });
	});

	it('stops the server with its last process, even if that is killed', async () => {
		const dataDir = newDataDir();
		const both = [hold(dataDir), hold(dataDir)] as const;
		await Promise.all(both.map((child) => child.waitFor((line) => line === 'open')));
		const connection = { host: path.join(dataDir, 'postgres/run'), port: 5432, user: 'postgres', database: 'immich' };
		await both[0].kill();
		expect(await answers(connection)).toBe(true);
		await both[1].kill();
		await vi.waitUntil(async () => !(await answers(connection)), { timeout: 30_000, interval: 50 });

		const server = await start(dataDir);
		expect(await answers(server.connection)).toBe(true);
	}, 180_000);

	it('waits for a server that is shutting down', async () => {
		const dataDir = newDataDir();
		const first = await start(dataDir);
		const stopping = first.stop();
		const second = await start(dataDir);
		await stopping;
		await vi.waitUntil(() => answers(second.connection), { timeout: 10_000, interval: 50 });
	});

	it.skipIf(process.platform === 'win32')(
		'removes the pipe before the server stops, so that it is not the next server’s',
		async () => {
			const dataDir = newDataDir();
			const server = await start(dataDir);
			const pipe = path.join(server.connection.host, 'users');
			expect((await stat(pipe)).isFIFO()).toBe(true);
			const rows = await query(
				server.connection,
				"SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
			);
			const [checkpointer] = z.array(z.object({ pid: z.int() })).parse(rows);
			if (!checkpointer) throw new Error('PostgreSQL has no checkpointer');

			// Without its checkpointer, the server can't finish stopping.
			process.kill(checkpointer.pid, 'SIGSTOP');
			const stopping = server.stop();
			await vi.waitUntil(() => !existsSync(pipe), { timeout: 2_000, interval: 5 });
			expect(existsSync(path.join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(true);
			process.kill(checkpointer.pid, 'SIGCONT');
			await stopping;
		}
	);

	it.runIf(process.platform === 'linux')('holds the pipe of the server that it joins', async () => {
		const dataDir = newDataDir();
		const child = hold(dataDir);
		await child.waitFor((line) => line === 'open');
		const run = path.join(dataDir, 'postgres/run');
		const connection = { host: run, port: 5432, user: 'postgres', database: 'immich' };
		const other = new pg.Client({ ...connection, database: 'postgres', ssl: false });
		await other.connect();
		await other.query(
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'immich-auth lease'"
		);
		await other.query('SELECT pg_advisory_lock(1768777064)');

		// As if the server had been replaced by another one while the second process waited to join.
		const pipe = path.join(run, 'users');
		await rename(pipe, `${pipe}.server`);
		const joining = start(dataDir);
		await vi.waitUntil(async () => (await query(connection, 'SELECT FROM pg_locks WHERE NOT granted')).length === 2, {
			timeout: 10_000,
			interval: 10
		});
		await rename(`${pipe}.server`, pipe);
		await other.end();
		await joining;
		const open = await Promise.all(
			(await readdir('/proc/self/fd')).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ''))
		);
		expect(open).toContain(pipe);
	});

	it('restarts the server after it was killed', async () => {
		const dataDir = newDataDir();
		const server = await start(dataDir);
		await killPostmaster(dataDir);
		await vi.waitUntil(() => answers(server.connection), { timeout: 20_000, interval: 50 });
	});

	it('listens on loopback with a password if there are no unix sockets', async () => {
		const server = await start(newDataDir(), { transport: 'tcp' });
		const { connection } = server;
		expect(connection.host).toBe('127.0.0.1');
		expect(connection.password).toMatch(/^[\w-]{32}$/);
		expect(await answers(connection)).toBe(true);
		expect(await answers({ ...connection, password: 'another' })).toBe(false);
	});

	it('puts the socket elsewhere if the data folder has a long name', async () => {
		const dataDir = newDataDir('a-long-name-'.repeat(9));
		const server = await start(dataDir);
		expect(server.connection.host.startsWith(dataDir)).toBe(false);
		expect(await answers(server.connection)).toBe(true);
		await rm(server.connection.host, { recursive: true, force: true });
	});

	it('explains what to do with data of another PostgreSQL version', async () => {
		const dataDir = newDataDir();
		await (await start(dataDir)).stop();
		await writeFile(path.join(dataDir, 'postgres', 'data', 'PG_VERSION'), '17\n');
		const error = await start(dataDir).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(StartupError);
		expect(String(error)).toContain('was made by PostgreSQL 17');
	});

	it('reports in one line that the data folder cannot be written', async () => {
		const file = newDataDir();
		await writeFile(file, 'a file where the folder should be');
		const places = [file, path.join(file, 'inside'), ...(process.platform === 'linux' ? ['/proc/immich-auth'] : [])];
		for (const dataDir of places) {
			const error = await start(dataDir).catch((error: unknown) => error);
			expect(error).toBeInstanceOf(StartupError);
			expect(String(error)).toMatch(/The data folder .* cannot be written \(\w+\)\..*DATA_DIR/);
			expect(String(error)).not.toContain('\n');
		}
	});

	it("shows PostgreSQL's own error if it does not start", async () => {
		const error = await start(newDataDir(), { flags: ['-c', 'shared_buffers=nonsense'] }).catch(
			(error: unknown) => error
		);
		expect(error).toBeInstanceOf(StartupError);
		expect(String(error)).toContain('invalid value for parameter "shared_buffers"');
	});
});

async function query(connection: EmbeddedConnection, sql: string, values: unknown[] = []): Promise<unknown[]> {
	const client = new pg.Client({ ...connection, ssl: false });
	client.on('error', () => {});
	await client.connect();
	try {
		return (await client.query<Record<string, unknown>>(sql, values)).rows;
	} finally {
		await client.end();
	}
}

async function answers(connection: EmbeddedConnection): Promise<boolean> {
	return await query(connection, 'SELECT 1').then(
		() => true,
		() => false
	);
}

async function killPostmaster(dataDir: string): Promise<void> {
	const lockFile = path.join(dataDir, 'postgres', 'data', 'postmaster.pid');
	const [pid] = (await readFile(lockFile, 'utf8')).split('\n');
	process.kill(Number(pid), 'SIGKILL');
}
