import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { checkLog } from './log-scan.ts';
import { testSecret } from './vault.ts';

/** A running server, from the build that `npm start` runs. */
export interface TestServer {
	readonly url: string;
	readonly port: number;
	readonly process: ChildProcess;
	/** All lines it has printed. */
	readonly lines: readonly string[];
	stop(): Promise<void>;
}

/** A server with its own embedded database. */
export interface FreshServer extends TestServer {
	/** Where the server stores its database and its files. */
	readonly dataDir: string;
	/** Stops it and keeps its data for another server; `stop` deletes the data. */
	halt(): Promise<void>;
}

const readyLine = /is ready after .*:(\d+)$/;
/** Longer than the server's own deadline: a server still running then would hang forever. */
const stopTimeoutMs = 20_000;

/** How a server has ended. */
export interface Ended {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

/** A server that is possibly still starting. */
export interface LaunchedServer {
	readonly process: ChildProcess;
	readonly lines: readonly string[];
	/** The port; rejects with the output if the server exits instead. */
	readonly ready: Promise<number>;
	readonly ended: Promise<Ended>;
	/** Sends a signal and waits for the exit; rejects, and kills the server, if that takes too long. */
	readonly stop: (signal?: NodeJS.Signals) => Promise<Ended>;
}

/** The limits on memory with which `npm start` runs the server. */
const memoryFlags = new Set(manifest.scripts.start.match(/--max-[\w-]+=\d+/g));
const builtServer = [process.execPath, ...memoryFlags, 'build/server.js'] as const;

/** Launches the built server, or another command that starts it, on a free port. */
export function launchServer(
	env: Record<string, string | undefined> = {},
	[command, ...args]: readonly [string, ...string[]] = builtServer,
	options: SpawnOptions = {}
): LaunchedServer {
	const server = spawn(command, args, {
		env: { ...process.env, IMMICH_PORT: '0', IMMICH_LOG_LEVEL: 'log', IMMICH_AUTH_SECRET: testSecret, ...env },
		...options,
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const lines: string[] = [];
	const ended = new Promise<Ended>((resolve) => {
		// Not before all its output has been read.
		server.once('close', (code, signal) => resolve({ code, signal }));
	});
	const ready = new Promise<number>((resolve, reject) => {
		for (const stream of [server.stdout, server.stderr])
			createInterface({ input: stream }).on('line', (line) => {
				lines.push(line);
				const found = readyLine.exec(line)?.[1];
				if (found) resolve(Number(found));
			});
		server.once('close', (code) =>
			reject(new Error(`The server ended with code ${String(code)}:\n${lines.join('\n')}`))
		);
	});
	ready.catch(() => undefined);
	const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
		if (server.exitCode === null && server.signalCode === null) server.kill(signal);
		const late = AbortSignal.timeout(stopTimeoutMs);
		const isLate = new Promise<never>((_, reject) =>
			late.addEventListener('abort', () => {
				server.kill('SIGKILL');
				reject(new Error(`The server did not stop in time:\n${lines.join('\n')}`));
			})
		);
		return Promise.race([ended, isLate]);
	};
	return { process: server, lines, ready, ended, stop };
}

/** Starts the built server on a free port; rejects with its output if it exits instead. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
	const { process: server, lines, ready, stop } = launchServer(env);
	const port = await ready;
	return {
		url: `http://localhost:${String(port)}`,
		port,
		process: server,
		lines,
		/** Stops it, and throws if it has logged an email address or a secret. */
		stop: async () => {
			await stop();
			checkLog(lines);
		}
	};
}

/**
 * Starts a server with its own embedded database, which is removed when it stops.
 * @param template the data folder of a stopped server to start from, instead of an empty one
 */
export async function startFreshServer(env: Record<string, string> = {}, template?: string): Promise<FreshServer> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	const dataDir = path.join(folder, 'data');
	// PostgreSQL does not run as root, and the user it drops to must be able to reach its data.
	await chmod(folder, 0o711);
	if (template !== undefined) await copyData(template, dataDir);
	const server = await startServer({ DATA_DIR: dataDir, ...env });
	const stop = async () => {
		try {
			await server.stop();
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	};
	return { ...server, dataDir, halt: () => server.stop(), stop };
}

/** Copies a folder with its owners, which Node does not; without root there is only one owner. */
async function copyData(from: string, to: string): Promise<void> {
	if (process.getuid?.() === 0) await promisify(execFile)('cp', ['-Rp', from, to]);
	else await cp(from, to, { recursive: true });
}
