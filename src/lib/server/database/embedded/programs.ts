import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fchownSync, openSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { StartupError } from '../startup-error.ts';
import type { Home } from './home.ts';

const maxLogBytes = 5 * 1024 * 1024;

/** Runs a program of PostgreSQL to its end. */
export async function runProgram(file: string, args: string[], home: Home): Promise<void> {
	const child = spawn(file, args, { ...spawnOptions(home), stdio: ['ignore', 'ignore', 'pipe'] });
	let complaint = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
	const exitCode = await new Promise<number | null>((resolve) => {
		child.once('close', resolve).once('error', (error) => {
			complaint = error.message;
			resolve(null);
		});
	});
	if (exitCode === 0) return;
	const name = path.basename(file);
	const words =
		complaint
			.trim()
			.replaceAll(/\s*\n\s*/g, ' ')
			.replace(`${name}: `, '') || `it ended with ${String(exitCode)}`;
	throw new StartupError(
		`The bundled PostgreSQL cannot work here: ${name} says: ${words}. Put that right, or set DATABASE_URL to a PostgreSQL of yours.`
	);
}

export type ServerProcess = {
	pid: number | undefined;
	/** Resolves when the process is gone, with its reason. */
	exited: Promise<string>;
	hasExited: () => boolean;
	/** Ends its connections and waits until all is on disk (PostgreSQL's fast shutdown). Not on Windows. */
	stop: () => Promise<void>;
	/** Reads what it has written since it started, the end of which says best why it did not come up. */
	readLog: () => Promise<string>;
};

/**
 * Starts PostgreSQL in a process group of its own, so that Ctrl-C reaches this process first and PostgreSQL stops only after the
 * last query.
 */
export async function spawnServer(
	file: string,
	args: string[],
	home: Home,
	dieWithParent: boolean
): Promise<ServerProcess> {
	const logStart = await rotateLog(home.logFile);
	const log = openSync(home.logFile, 'a', 0o600);
	if (home.runAs) fchownSync(log, home.runAs.uid, home.runAs.gid);
	const child = spawn(file, args, { ...spawnOptions(home), stdio: ['ignore', log, log], detached: true });
	closeSync(log);
	child.unref();
	let reason: string | undefined;
	const exited = new Promise<string>((resolve) => {
		const end = (text: string) => resolve((reason ??= text));
		child
			.once('error', (error) => end(error.message))
			.once('exit', (code, signal) => end(`ended with ${String(code ?? signal)}`));
	});
	if (dieWithParent && child.pid !== undefined) watchParent(child, child.pid, home);
	return {
		pid: child.pid,
		exited,
		hasExited: () => reason !== undefined,
		stop: async () => {
			// Otherwise this process could end while it waits.
			child.ref();
			child.kill('SIGINT');
			await exited;
		},
		readLog: async () => (await readFile(home.logFile)).subarray(logStart).toString('utf8').trimEnd()
	};
}

/** Stops the server when this process is gone, even by `kill -9`: then the system closes the pipe that the watchdog reads. */
function watchParent(child: ChildProcess, pid: number, home: Home): void {
	if (process.platform === 'win32') return;
	const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(pid)], {
		...spawnOptions(home),
		stdio: ['pipe', 'ignore', 'ignore'],
		detached: true
	});
	watchdog.once('error', () => {});
	watchdog.unref();
	if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
	// Its process id may soon be another's.
	child.once('exit', () => watchdog.kill('SIGKILL'));
}

/** Puts a log that has grown large aside, and answers where the next line will stand. */
async function rotateLog(logFile: string): Promise<number> {
	const { size } = await stat(logFile).catch(() => ({ size: 0 }));
	if (size <= maxLogBytes) return size;
	await rename(logFile, `${logFile}.1`);
	return 0;
}

function spawnOptions(home: Home) {
	// The rest of the environment holds secrets of ours, and PG* variables would change what the programs do.
	const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH'];
	const environment = Object.fromEntries(kept.map((name) => [name, process.env[name]]));
	return { ...home.runAs, cwd: home.root, env: { ...environment, LC_ALL: 'C', TZ: 'UTC' }, windowsHide: true };
}
