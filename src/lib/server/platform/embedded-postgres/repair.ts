import { chmod, lchown, lstat, mkdir, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Home } from './home.ts';
import type { RunAs } from './run-as.ts';

/** Folders that PostgreSQL expects and that are usually empty: some backup programs skip empty folders. */
const usuallyEmpty = [
	'pg_commit_ts',
	'pg_dynshmem',
	'pg_logical/mappings',
	'pg_logical/snapshots',
	'pg_notify',
	'pg_replslot',
	'pg_serial',
	'pg_snapshots',
	'pg_stat',
	'pg_stat_tmp',
	'pg_tblspc',
	'pg_twophase',
	'pg_wal/archive_status',
	'pg_wal/summaries'
];

/** A lock file that a concurrent start has just created is empty for a moment. */
const settledMs = 2_000;

/**
 * Repairs what copying breaks in a data folder: an owner or a mode that PostgreSQL rejects, and missing empty folders. What this
 * process isn't allowed to change stays as it is, and PostgreSQL reports why it doesn't start.
 */
export async function repairData(home: Home): Promise<void> {
	const found = await stat(home.data).catch(() => undefined);
	if (!found?.isDirectory()) return;
	if (home.runAs) await changeOwner(home.runAs, home.data);
	if ((found.mode & 0o777) !== 0o700) await chmod(home.data, 0o700).catch(() => {});
	if (!(await exists(path.join(home.data, 'global', 'pg_control')))) return;
	for (const name of usuallyEmpty) await makeMissing(home, name);
}

/**
 * Removes lock files that belong to no running server and that PostgreSQL itself wouldn't remove: empty or garbled ones, and ones
 * whose process ID now belongs to another program.
 */
export async function removeStaleLocks(home: Home): Promise<void> {
	const sockets = (await readdir(home.run).catch(() => [])).filter((name) => /^\.s\.PGSQL\.\d+\.lock$/.test(name));
	const files = [path.join(home.data, 'postmaster.pid'), ...sockets.map((name) => path.join(home.run, name))];
	for (const file of files) if (await isStale(file, home)) await rm(file, { force: true }).catch(() => {});
}

async function isStale(file: string, home: Home): Promise<boolean> {
	const found = await lstat(file).catch(() => undefined);
	const text = await readFile(file, 'utf8').catch(() => undefined);
	if (!found?.isFile() || text === undefined) return false;
	const pid = Number(/^\s*-?(\d+)\s*\n/.exec(text)?.[1] ?? 0);
	// Only Linux reveals which folder a process works in.
	if (process.platform !== 'linux') return pid === 0 && Date.now() - found.mtimeMs > settledMs;
	if (pid === 0) return !(await isServed(home));
	const name = await readFile(`/proc/${String(pid)}/comm`, 'utf8').catch(() => '');
	if (name === '') return false; // PostgreSQL detects that there is no such process.
	return name.trim() !== 'postgres' || (await isElsewhere(pid, home));
}

/** Whether any PostgreSQL on this machine works in the data folder. */
async function isServed(home: Home): Promise<boolean> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	for (const pid of pids) {
		const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
		if (name.trim() === 'postgres' && !(await isElsewhere(Number(pid), home))) return true;
	}
	return false;
}

/** Whether a process has ended or works in another folder; one that this process can't inspect could work in this one. */
async function isElsewhere(pid: number, home: Home): Promise<boolean> {
	try {
		const folder = await readlink(`/proc/${String(pid)}/cwd`);
		const [served, data] = await Promise.all([folder, home.data].map((name) => stat(name).catch(() => undefined)));
		return served?.ino !== data?.ino || served?.dev !== data?.dev;
	} catch (error) {
		return !isForbidden(error);
	}
}

const isForbidden = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && ['EACCES', 'EPERM'].includes(String(error.code));

/** Corrects wrong owners: a copy made by root belongs to root. */
export async function changeOwner({ uid, gid }: RunAs, folder: string): Promise<void> {
	const names = ['', ...(await readdir(folder, { recursive: true }))];
	for (const name of names) {
		const file = path.join(folder, name);
		const found = await lstat(file).catch(() => undefined);
		if (found && found.uid !== uid) await lchown(file, uid, gid).catch(() => {});
	}
}

async function makeMissing({ data, runAs }: Home, name: string): Promise<void> {
	const folder = path.join(data, name);
	if (await exists(folder)) return;
	await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
	if (!runAs) return;
	for (const made of [path.dirname(folder), folder])
		if (made !== data) await lchown(made, runAs.uid, runAs.gid).catch(() => {});
}

const exists = (file: string): Promise<boolean> =>
	stat(file).then(
		() => true,
		() => false
	);
