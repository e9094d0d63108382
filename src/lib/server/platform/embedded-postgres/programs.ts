import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fchownSync, openSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoppingError, type OpenResources } from '../open-resources.ts';
import { StartupError } from '../database/startup-error.ts';
import type { Home } from './home.ts';
import { spawnOptions } from './program-environment.ts';
import { watchServer, type ServerHold } from './watchdog.ts';

const maxLogBytes = 5 * 1024 * 1024;

/**
 * Runs a PostgreSQL program until it exits, or until `resources` are closed.
 * @throws {StartupError} if it fails
 */
export async function runProgram(file: string, args: string[], home: Home, resources?: OpenResources): Promise<void> {
	const name = path.basename(file);
	const child = spawn(file, args, { ...spawnOptions(home), stdio: ['ignore', 'ignore', 'pipe'], detached: true });
	let complaint = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
	const ended = new Promise<number | null>((resolve) => {
		child.once('close', resolve).once('error', (error) => {
			complaint = error.message;
			resolve(null);
		});
	});
	const forget = resources?.add(name, () => {
		killGroup(child);
		return ended;
	});
	const exitCode = await ended;
	forget?.();
	if (exitCode === 0) return;
	const words =
		complaint
			.trim()
			.replaceAll(/\s*\n\s*/g, ' ')
			.replace(`${name}: `, '') || `it ended with ${String(exitCode)}`;
	const todo = /could not look up effective user/.test(words)
		? 'Start as a user that is listed in /etc/passwd'
		: 'Put that right';
	throw new StartupError(
		`The bundled PostgreSQL cannot work here: ${name} says: ${words}. ${todo}, or set DATABASE_URL to a PostgreSQL of yours.`
	);
}

/** Kills a program and its child processes; initdb runs postgres. */
function killGroup({ pid }: ChildProcess): void {
	try {
		if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
	} catch {
		// It has already exited.
	}
}

export type ServerProcess = {
	pid: number | undefined;
	/** Resolves with the reason when the process has exited. */
	exited: Promise<string>;
	hasExited: () => boolean;
	/**
	 * Closes its connections and waits until everything is on disk (PostgreSQL's fast shutdown). If that takes too long, the
	 * server is killed and recovers at its next start. Not on Windows.
	 */
	stop: (withinMs: number) => Promise<void>;
	/** Removes the server from the open resources: from now on the caller stops it. */
	handOver: () => void;
	/** Reads its log since it started, whose end best explains why it didn't start. */
	readLog: () => Promise<string>;
};

const complaintMs = 5_000;
const killMs = 500;
const stopMs = 4_000;

/**
 * Starts PostgreSQL in its own process group, so that Ctrl-C reaches this process first and PostgreSQL stops only after
 * the last query.
 * @throws {StoppingError} if shutdown has started
 */
export async function spawnServer(
	file: string,
	args: string[],
	home: Home,
	{ resources, hold }: { resources: OpenResources; hold: ServerHold }
): Promise<ServerProcess> {
	const logStart = await rotateLog(home.logFile).catch(() => 0);
	if (resources.signal.aborted) throw new StoppingError();
	const log = openLog(home);
	const output = log ?? 'ignore';
	const child = spawn(file, args, { ...spawnOptions(home), stdio: ['ignore', output, output], detached: true });
	if (log !== undefined) closeSync(log);
	child.unref();
	let reason: string | undefined;
	const exited = new Promise<string>((resolve) => {
		const end = (text: string) => resolve((reason ??= text));
		child
			.once('error', (error) => end(error.message))
			.once('exit', (code, signal) => end(`ended with ${String(code ?? signal)}`));
	});
	watchServer(child, home, hold);
	const stop = async (withinMs: number) => {
		// Otherwise this process could exit while waiting.
		child.ref();
		const signals = [
			{ signal: 'SIGINT', waitMs: Math.max(killMs, withinMs - 2 * killMs) },
			{ signal: 'SIGQUIT', waitMs: killMs },
			{ signal: 'SIGKILL', waitMs: killMs }
		] as const;
		for (const { signal, waitMs } of signals) {
			child.kill(signal);
			if (await endsWithin(exited, waitMs)) return;
		}
	};
	return {
		pid: child.pid,
		exited,
		hasExited: () => reason !== undefined,
		stop,
		handOver: resources.add('PostgreSQL', stop, stopMs),
		readLog: async () => {
			const text = await readFile(home.logFile).catch(() => Buffer.alloc(0));
			return log === undefined ? '' : text.subarray(logStart).toString('utf8').trimEnd();
		}
	};
}

/** Opens PostgreSQL's log; undefined if nothing can be written, which PostgreSQL itself reports best. */
function openLog(home: Home): number | undefined {
	try {
		const log = openSync(home.logFile, 'a', 0o600);
		if (home.runAs) fchownSync(log, home.runAs.uid, home.runAs.gid);
		return log;
	} catch {
		return undefined;
	}
}

/** Starts PostgreSQL again only to capture why it doesn't start: on a full or read-only disk it can't write its log. */
export async function readComplaint(
	file: string,
	args: string[],
	home: Home,
	resources: OpenResources
): Promise<string> {
	const child = spawn(file, args, { ...spawnOptions(home), stdio: ['ignore', 'ignore', 'pipe'] });
	let text = '';
	child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
	const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
	const stop = () => child.kill('SIGINT');
	const late = setTimeout(stop, complaintMs);
	const forget = resources.add('PostgreSQL', stop);
	await ended;
	clearTimeout(late);
	forget();
	return text.trimEnd();
}

async function endsWithin(exited: Promise<unknown>, waitMs: number): Promise<boolean> {
	const over = new AbortController();
	const late = sleep(waitMs, false, { signal: over.signal }).catch(() => false);
	const hasEnded = await Promise.race([exited.then(() => true), late]);
	over.abort();
	return hasEnded;
}

/** Rotates a large log, and returns the offset of the next line. */
async function rotateLog(logFile: string): Promise<number> {
	const { size } = await stat(logFile).catch(() => ({ size: 0 }));
	if (size <= maxLogBytes) return size;
	await rename(logFile, `${logFile}.1`);
	return 0;
}
