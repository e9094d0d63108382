import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Home } from './home.ts';
import { spawnOptions } from './program-environment.ts';

/**
 * A named pipe that every process keeps open while it uses the server. The system closes it when a process dies for any reason,
 * and the watchdog reads end-of-file when the last one is gone.
 */
const getPipePath = (home: Home) => path.join(home.run, 'users');

/**
 * Waits for the last process to exit, then stops the server if it still runs under this process ID. Without the pipe it knows
 * nothing about the processes that use the server, so it leaves the server alone.
 */
const script = `trap '' HUP INT TERM
exec <"$1" || exit
while read -r _; do :; done
rm -f "$1"
read -r found <"$3" && [ "$found" = "$2" ] && kill -INT "$2"`;

/** Keeps the watchdog from stopping the server while this process uses it. */
export class ServerHold {
	readonly #home: Home;
	#held: number | undefined;

	constructor(home: Home) {
		this.#home = home;
	}

	/** Opens the pipe, and reopens it if it was removed because the server had been stopped. */
	take(): void {
		if (process.platform === 'win32') return;
		const pipe = getPipePath(this.#home);
		try {
			if (this.#held !== undefined && isSameFile(this.#held, pipe)) return;
			this.#close();
			if (!isPipe(pipe)) {
				// Removes only what exists: a concurrent start may be creating the pipe right now.
				if (existsSync(pipe)) rmSync(pipe, { recursive: true, force: true });
				spawnSync('mkfifo', ['-m', '600', pipe], { ...spawnOptions(this.#home), stdio: 'ignore' });
			}
			// Also for reading, because opening a pipe only for writing waits for a reader.
			if (isPipe(pipe)) this.#held = openSync(pipe, constants.O_RDWR);
		} catch {
			// PostgreSQL reports why nothing can be written there.
		}
	}

	release(): void {
		this.#close();
	}

	/**
	 * Removes the pipe, because some programs that copy folders stumble over it. Only for the last process, before it stops the
	 * server: later, the pipe can already belong to a server that another process has started.
	 */
	removePipe(): void {
		if (this.#held !== undefined) rmSync(getPipePath(this.#home), { force: true });
	}

	#close(): void {
		if (this.#held !== undefined) closeSync(this.#held);
		this.#held = undefined;
	}
}

/** Stops the server when all processes that use it are gone, even after `kill -9`. */
export function watchServer(server: ChildProcess, home: Home, hold: ServerHold): void {
	hold.take();
	if (process.platform === 'win32' || server.pid === undefined || !isPipe(getPipePath(home))) return;
	const lockFile = path.join(home.data, 'postmaster.pid');
	const watchdog = spawn('/bin/sh', ['-c', script, 'sh', getPipePath(home), String(server.pid), lockFile], {
		...spawnOptions(home),
		stdio: 'ignore',
		detached: true
	});
	watchdog.once('error', () => {});
	watchdog.unref();
	// The server's process ID could soon be reused.
	server.once('exit', () => watchdog.kill('SIGKILL'));
}

function isPipe(file: string): boolean {
	return lstatSync(file, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

function isSameFile(descriptor: number, file: string): boolean {
	return fstatSync(descriptor).ino === lstatSync(file, { throwIfNoEntry: false })?.ino;
}
