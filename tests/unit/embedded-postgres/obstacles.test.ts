import { spawn, spawnSync } from 'node:child_process';
import {
	appendFile,
	chmod,
	chown,
	copyFile,
	cp,
	lchown,
	mkdir,
	readdir,
	readFile,
	rm,
	writeFile
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#lib/server/platform/embedded-postgres/index.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import { newDataFolder, processesIn, useDataFolders } from '#tests/support/data-folder.ts';
import { withFileFaults } from '#tests/support/file-faults.ts';
import { holdDatabase } from '../database/child.ts';

const isRoot = process.getuid?.() === 0;
/** Root can give a process its own mounts. */
const canMount = isRoot && process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0;

describe.skipIf(process.platform === 'win32')('obstacles of the embedded database', { timeout: 120_000 }, () => {
	let original = '';
	const servers: EmbeddedPostgres[] = [];
	useDataFolders();

	beforeAll(async () => {
		original = await newDataFolder();
		const server = await startEmbeddedPostgres({ dataDir: original });
		await query(server, 'CREATE SCHEMA other; CREATE TABLE other.kept AS SELECT 1 AS one');
		await server.stop();
	}, 120_000);

	afterEach(async () => {
		for (const server of servers.splice(0)) await server.stop();
	});

	/** A copy of a database, as root would make one with `cp -r`. */
	async function copy(): Promise<{ dataDir: string; inside: (...names: string[]) => string }> {
		const dataDir = await newDataFolder();
		await cp(original, dataDir, { recursive: true });
		const inside = (...names: string[]) => path.join(dataDir, 'postgres', ...names);
		await chmod(dataDir, 0o711);
		return { dataDir, inside };
	}

	async function start(dataDir: string): Promise<EmbeddedPostgres> {
		const server = await startEmbeddedPostgres({ dataDir });
		servers.push(server);
		return server;
	}

	async function expectKept(dataDir: string): Promise<void> {
		expect(await query(await start(dataDir), 'SELECT one FROM other.kept')).toEqual([{ one: 1 }]);
	}

	async function refusal(dataDir: string): Promise<string> {
		const error = await start(dataDir).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(StartupError);
		expect(String(error)).not.toContain('\n');
		return String(error);
	}

	it.each([
		['is empty', ''],
		['is garbled', 'nonsense\n\n'],
		['names a process that is another program', `${String(process.pid)}\n/elsewhere\n1\n5432\n/tmp\n\n`],
		['names a process that is gone', `4194303\n/elsewhere\n1\n5432\n/tmp\n\n`]
	])('starts if postmaster.pid %s', async (_, text) => {
		const { dataDir, inside } = await copy();
		await writeFile(inside('data', 'postmaster.pid'), text);
		await writeFile(inside('run', '.s.PGSQL.5432.lock'), text);
		await expectKept(dataDir);
	});

	it.runIf(process.platform === 'linux')(
		'starts if postmaster.pid is garbled while another PostgreSQL ends',
		async () => {
			const { dataDir, inside } = await copy();
			await writeFile(inside('data', 'postmaster.pid'), 'nonsense\n');
			const ended = inside('postgres');
			await copyFile('/bin/true', ended);
			// A shell that turns into another program never asks how its child has ended: /proc keeps only the child's name.
			const parent = spawn('sh', ['-c', '"$0" & exec sleep 600', ended]);
			try {
				await expect.poll(() => childrenOf(parent.pid)).toEqual(['(postgres) Z']);
				await expectKept(dataDir);
			} finally {
				parent.kill();
			}
		}
	);

	it('reports what it waits for while PostgreSQL recovers, and times out eventually', async () => {
		const { dataDir, inside } = await copy();
		await writeFile(inside('data', 'standby.signal'), '');
		await appendFile(inside('data', 'postgresql.auto.conf'), 'hot_standby = off\n');
		const said: string[] = [];
		const error = await startEmbeddedPostgres({
			dataDir,
			onProgress: (line) => void said.push(line),
			patience: { recoveryMs: 1_000, busyMs: 10, reportMs: 100 }
		}).catch((error: unknown) => error);
		expect(error).toBeInstanceOf(StartupError);
		expect(String(error)).toMatch(
			/has taken no connections for \d+ s\. It says: .*not (yet )?accepting connections.*Start again/
		);
		expect(String(error)).not.toContain('\n');
		expect(
			said.filter((line) => /^database: waiting for PostgreSQL \(.*accepting connections.*\)$/.test(line)).length
		).toBeGreaterThan(1);
		// The system can still be removing the watchdog, which was killed.
		await vi.waitUntil(async () => (await processesIn(dataDir)).length === 0, { timeout: 5_000, interval: 20 });
	});

	it.each([
		['modes', { chmod: 'EPERM' }],
		['modes, and does not say so', { chmod: null }],
		...(isRoot ? ([['owners', { chown: 'EPERM' }]] as const) : [])
	] as const)('reports that PostgreSQL cannot use a disk without %s', async (_, faults) => {
		const { dataDir, inside } = await copy();
		await chmod(inside(), 0o755);
		await withFileFaults(faults, async () => {
			expect(await refusal(dataDir)).toMatch(
				/its owner and mode cannot be changed, as on exFAT, SMB or 9p\. PostgreSQL does not run there: set DATA_DIR/
			);
		});
	});

	it('starts on a copy of the data of a running server', async () => {
		const running = await copy();
		await start(running.dataDir);
		const dataDir = await newDataFolder();
		const run = path.join(running.dataDir, 'postgres/run');
		await cp(running.dataDir, dataDir, { recursive: true, filter: (name) => !name.startsWith(run) });
		await chmod(dataDir, 0o711);
		await query(await start(dataDir), 'SELECT 1');
	});

	it('starts if the folder has mode 755 and empty folders are missing', async () => {
		const { dataDir, inside } = await copy();
		await chmod(inside('data'), 0o755);
		await chmod(inside(), 0o755);
		for (const name of ['pg_notify', 'pg_tblspc', 'pg_replslot', 'pg_twophase', 'pg_stat_tmp', 'pg_logical/snapshots'])
			await rm(inside('data', name), { recursive: true });
		await expectKept(dataDir);
	});

	it.skipIf(!isRoot)('starts as root on files owned by root, or by several users', async () => {
		const { dataDir, inside } = await copy();
		for (const name of await readdir(inside(), { recursive: true })) await lchown(inside(name), 0, 0);
		await chown(inside(), 12_345, 12_345);
		await chown(inside('data', 'PG_VERSION'), 23_456, 23_456);
		await expectKept(dataDir);
	});

	it.each([
		['an empty PG_VERSION', (data: string) => writeFile(path.join(data, 'PG_VERSION'), '')],
		['no PG_VERSION', (data: string) => rm(path.join(data, 'PG_VERSION'))]
	])('reports that the folder is not a database: %s', async (_, spoil) => {
		const { dataDir, inside } = await copy();
		await spoil(inside('data'));
		expect(await refusal(dataDir)).toMatch(/is not a complete database of PostgreSQL. Restore it from a backup/);
	});

	it('reports in PostgreSQL’s words which file is missing', async () => {
		const { dataDir, inside } = await copy();
		await rm(inside('data', 'global/pg_control'));
		expect(await refusal(dataDir)).toMatch(/pg_control.*restore .* from a backup/i);
	});

	it('does not create an empty database if the configured one is missing', async () => {
		const dataDir = await newDataFolder();
		await mkdir(dataDir);
		await writeFile(path.join(dataDir, 'database-is-at'), '/nonexistent/immich-auth\n');
		expect(await refusal(dataDir)).toContain('/nonexistent/immich-auth');
	});

	it('reports which locale is missing', async () => {
		const { dataDir } = await copy();
		const server = await startEmbeddedPostgres({ dataDir });
		await query(server, `UPDATE pg_database SET datctype = 'xx_XX.UTF-8'`);
		await server.stop();
		expect(await refusal(dataDir)).toMatch(/xx_XX\.UTF-8.*Install the locale/);
	});

	/** Starts on a machine prepared by a shell script; `$1` is the data folder. */
	async function startOn(machine: string, dataDir: string): Promise<string> {
		const child = holdDatabase(dataDir, ['unshare', '-m', 'sh', '-ec', `${machine}\nshift; exec "$@"`, 'sh', dataDir]);
		try {
			await child.waitFor((line) => line === 'open');
			return 'open';
		} catch (error) {
			return String(error);
		} finally {
			await child.stop();
		}
	}

	describe.skipIf(!canMount)('on another machine', () => {
		it('starts without shared memory', async () => {
			const { dataDir } = await copy();
			const without = 'mount -t tmpfs -o ro,mode=755 none /dev/shm';
			expect(await startOn(without, dataDir)).toBe('open');
		});

		it('reports that the disk is full', async () => {
			const { dataDir } = await copy();
			const full =
				'cp -a "$1" "$1.kept"; mount -t tmpfs -o size=80m,mode=711 none "$1"; cp -a "$1.kept/." "$1/"; cat /dev/zero >"$1/fill" || true';
			expect(await startOn(full, dataDir)).toMatch(/full|No space left/);
		});

		it('reports that the disk is full at the first start', async () => {
			const dataDir = await newDataFolder();
			await mkdir(dataDir, { mode: 0o711 });
			expect(await startOn('mount -t tmpfs -o size=2m,mode=711 none "$1"', dataDir)).toMatch(/No space left/);
		});

		it('reports that the disk is read-only', async () => {
			const { dataDir } = await copy();
			expect(await startOn('mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"', dataDir)).toMatch(
				/Read-only file system|EROFS/
			);
		});
	});
});

async function query(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
	const client = new pg.Client({ ...server.connection, ssl: false });
	client.on('error', () => {});
	await client.connect();
	try {
		return (await client.query<Record<string, unknown>>(sql)).rows;
	} finally {
		await client.end();
	}
}

/** The names and states of a process's children. */
async function childrenOf(pid: number | undefined): Promise<string[]> {
	const id = String(pid);
	const children = (await readFile(`/proc/${id}/task/${id}/children`, 'utf8'))
		.split(' ')
		.filter((child) => child !== '');
	const stats = await Promise.all(children.map((child) => readFile(`/proc/${child}/stat`, 'utf8')));
	return stats.map((stat) => /\(.*\) \w/.exec(stat)?.[0] ?? '');
}
