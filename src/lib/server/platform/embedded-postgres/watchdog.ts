import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Home } from './home.ts';
import { spawnOptions } from './program-environment.ts';

/**
 * A named pipe that every process keeps open while it uses the server. The system closes it for a process that dies, however it
 * dies, and the watchdog reads its end when the last one is gone.
 */
const pipeOf = (home: Home) => path.join(home.run, 'users');

/** Waits for the last user to go, and then stops the server, if it still runs under this process id. */
const script = `trap '' HUP INT TERM
while read -r _; do :; done <"$1"
rm -f "$1"
read -r found <"$3" && [ "$found" = "$2" ] && kill -INT "$2"`;

/** Keeps the server from being stopped by its watchdog while this process uses it. */
export class ServerHold {
	readonly #home: Home;
	#held: number | undefined;

	constructor(home: Home) {
		this.#home = home;
	}

	/** Takes hold; and takes hold again where the pipe was removed, because the server has been stopped meanwhile. */
	take(): void {
		if (process.platform === 'win32') return;
		const pipe = pipeOf(this.#home);
		try {
			if (this.#held !== undefined && isSameFile(this.#held, pipe)) return;
			this.#close();
			if (!isPipe(pipe)) {
				// Not where there is nothing: another start may be making the pipe at this moment.
				if (existsSync(pipe)) rmSync(pipe, { recursive: true, force: true });
				spawnSync('mkfifo', ['-m', '600', pipe], { ...spawnOptions(this.#home), stdio: 'ignore' });
			}
			// For reading too, because opening a pipe only for writing waits for a reader.
			if (isPipe(pipe)) this.#held = openSync(pipe, constants.O_RDWR);
		} catch {
			// PostgreSQL says why nothing can be written there.
		}
	}

	/** Lets go. With the last hold the pipe goes as well, because some programs that copy folders stumble over it. */
	release(isLast: boolean): void {
		if (isLast && this.#held !== undefined) rmSync(pipeOf(this.#home), { force: true });
		this.#close();
	}

	#close(): void {
		if (this.#held !== undefined) closeSync(this.#held);
		this.#held = undefined;
	}
}

/** Has the server stopped when all processes that use it are gone, even by `kill -9`. */
export function watchServer(server: ChildProcess, home: Home, hold: ServerHold): void {
	hold.take();
	if (process.platform === 'win32' || server.pid === undefined || !isPipe(pipeOf(home))) return;
	const lockFile = path.join(home.data, 'postmaster.pid');
	const watchdog = spawn('/bin/sh', ['-c', script, 'sh', pipeOf(home), String(server.pid), lockFile], {
		...spawnOptions(home),
		stdio: 'ignore',
		detached: true
	});
	watchdog.once('error', () => {});
	watchdog.unref();
	// Its process id may soon be another's.
	server.once('exit', () => watchdog.kill('SIGKILL'));
}

function isPipe(file: string): boolean {
	return lstatSync(file, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

function isSameFile(descriptor: number, file: string): boolean {
	return fstatSync(descriptor).ino === lstatSync(file, { throwIfNoEntry: false })?.ino;
}
