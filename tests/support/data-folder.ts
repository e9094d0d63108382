import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

const made: string[] = [];

/** Returns the path of a data folder that does not exist yet; call `useDataFolders` in the file. */
export async function newDataFolder(): Promise<string> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	// PostgreSQL does not run as root, and the user it drops to must be able to reach its data.
	await chmod(folder, 0o711);
	made.push(folder);
	return path.join(folder, 'data');
}

/** Copies the data of a stopped server; files keep their owner, which PostgreSQL checks. */
export async function copyDataTo(from: string, to: string): Promise<void> {
	if (process.platform === 'win32') await cp(from, to, { recursive: true });
	else await promisify(execFile)('cp', ['-a', from, to]);
}

/** Ends the processes still running in this file's data folders, and removes the folders. */
export function useDataFolders(): void {
	afterAll(async () => {
		for (const folder of made.splice(0)) {
			for (const pid of await processesIn(folder)) kill(pid);
			await rm(folder, { recursive: true, force: true });
		}
	});
}

/** Lists the processes that use a folder, such as PostgreSQL its data; on systems without /proc, the one in its lock file. */
export async function processesIn(folder: string): Promise<readonly number[]> {
	const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
	if (pids.length === 0) {
		const pid = await readPostmaster(folder).catch(() => 0);
		return pid > 0 && kill(pid, 0) ? [pid] : [];
	}
	const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
	return pids.filter((_, index) => folders[index]?.startsWith(folder)).map(Number);
}

/** Reads the process ID of the PostgreSQL that serves a data folder. */
export async function readPostmaster(dataDir: string): Promise<number> {
	const text = await readFile(path.join(dataDir, 'postgres/data/postmaster.pid'), 'utf8');
	return Number(text.split('\n')[0]);
}

function kill(pid: number, signal: NodeJS.Signals | 0 = 'SIGKILL'): boolean {
	try {
		return process.kill(pid, signal);
	} catch {
		return false;
	}
}
