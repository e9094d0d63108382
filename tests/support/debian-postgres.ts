import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { ensureProgram } from '../../scripts/debian-program.mjs';

const run = promisify(execFile);
const debianFolder = '/usr/lib/postgresql';
const startTimeoutMs = 20_000;
const maxOutputBytes = 256 * 1024 * 1024;

/**
 * A PostgreSQL server of the system, which unlike the embedded one comes with `pg_dump`; Immich's backups are made with it, and
 * it refuses a server newer than itself.
 */
export interface DebianPostgres {
	/** Creates a database and returns its URL. */
	createDatabase(name: string): Promise<string>;
	/** Runs pg_dump and returns its output. */
	dump(url: string, ...options: readonly string[]): Promise<string>;
	/** Runs psql with this input, as Immich's restore does: one transaction, stopped by the first error. */
	restore(url: string, sql: string): Promise<void>;
	stop(): Promise<void>;
}

/** The folder with PostgreSQL's programs; installs them on Debian as root. */
async function findPrograms(): Promise<string> {
	const dump = ensureProgram('pg_dump', 'postgresql');
	const versions = existsSync(debianFolder) ? await readdir(debianFolder) : [];
	const folders = versions.sort((a, b) => Number(b) - Number(a)).map((name) => path.join(debianFolder, name, 'bin'));
	const found = [...folders, path.dirname(dump)].find((folder) => existsSync(path.join(folder, 'initdb')));
	if (found) return found;
	throw new Error('The tests need a PostgreSQL server with initdb. Install the package "postgresql".');
}

/** PostgreSQL refuses to run as root. */
function chooseUser(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const read = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
	return { uid: read('-u'), gid: read('-g') };
}

/** Starts a server with an empty cluster, on a socket of its own. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
	const programs = await findPrograms();
	const folder = await mkdtemp(path.join(tmpdir(), 'debian-postgres-'));
	const data = path.join(folder, 'data');
	const runAs = chooseUser();
	await chmod(folder, 0o755);
	if (runAs) await chown(folder, runAs.uid, runAs.gid);
	const options = { ...runAs, cwd: folder };
	await run(path.join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--no-sync'], options);
	const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${folder}`, 'autovacuum=off'];
	const flags = settings.flatMap((setting) => ['-c', setting]);
	const server = spawn(path.join(programs, 'postgres'), ['-D', data, ...flags], { ...options, stdio: 'ignore' });
	const ended = once(server, 'exit');
	const urlOf = (name: string) => `postgresql://postgres@localhost/${name}?host=${encodeURIComponent(folder)}`;
	await untilAnswering(urlOf('postgres'), () => server.exitCode === null);
	return {
		async createDatabase(name) {
			await query(urlOf('postgres'), `CREATE DATABASE ${name}`);
			return urlOf(name);
		},
		dump: async (url, ...given) =>
			(await run(path.join(programs, 'pg_dump'), [...given, url], { maxBuffer: maxOutputBytes })).stdout,
		async restore(url, sql) {
			const options = ['--single-transaction', '--set', 'ON_ERROR_STOP=on', '--quiet', '--no-psqlrc', url];
			const psql = spawn(path.join(programs, 'psql'), options, { stdio: ['pipe', 'ignore', 'pipe'] });
			const said: Buffer[] = [];
			psql.stderr.on('data', (chunk: Buffer) => said.push(chunk));
			psql.stdin.on('error', () => undefined);
			psql.stdin.end(sql);
			await once(psql, 'close');
			if (psql.exitCode !== 0) throw new Error(`psql: ${Buffer.concat(said).toString()}`);
		},
		async stop() {
			server.kill('SIGINT');
			await ended;
			await rm(folder, { recursive: true, force: true });
		}
	};
}

async function query(url: string, sql: string): Promise<void> {
	const client = new pg.Client(url);
	await client.connect();
	try {
		await client.query(sql);
	} finally {
		await client.end();
	}
}

async function untilAnswering(url: string, isAlive: () => boolean): Promise<void> {
	const until = Date.now() + startTimeoutMs;
	for (;;) {
		try {
			await query(url, 'SELECT 1');
			return;
		} catch (error) {
			if (Date.now() > until || !isAlive()) throw error;
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
