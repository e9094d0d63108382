import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { checkLog } from './log-scan.ts';
import { testSecret } from './vault.ts';

/** A running server, built as `npm start` runs it. */
export interface TestServer {
	readonly url: string;
	readonly port: number;
	readonly process: ChildProcess;
	/** All lines it has printed. */
	readonly lines: readonly string[];
	stop(): Promise<void>;
}

/** One with a database of its own. */
export interface FreshServer extends TestServer {
	/** Where the server keeps its database and its files. */
	readonly dataDir: string;
	/** Ends it and leaves its data to another one; `stop` takes them away. */
	halt(): Promise<void>;
}

const readyLine = /is ready after .*:(\d+)$/;

/** Starts the built server on a free port; rejects with what it printed when it ends instead. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
	const server = spawn(process.execPath, ['build/server.js'], {
		env: { ...process.env, IMMICH_PORT: '0', IMMICH_LOG_LEVEL: 'log', IMMICH_AUTH_SECRET: testSecret, ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const lines: string[] = [];
	const port = await new Promise<number>((resolve, reject) => {
		for (const stream of [server.stdout, server.stderr])
			createInterface({ input: stream }).on('line', (line) => {
				lines.push(line);
				const found = readyLine.exec(line)?.[1];
				if (found) resolve(Number(found));
			});
		server.once('exit', (code) =>
			reject(new Error(`The server ended with code ${String(code)}:\n${lines.join('\n')}`))
		);
	});
	const closed = once(server, 'close');
	/** Ends it, and throws when it has logged an email address or a secret. */
	const stop = async () => {
		if (server.exitCode === null && server.signalCode === null) server.kill('SIGTERM');
		await closed;
		checkLog(lines);
	};
	return { url: `http://localhost:${String(port)}`, port, process: server, lines, stop };
}

/** Starts a server on an embedded database of its own, which is gone when it stops. */
export async function startFreshServer(env: Record<string, string> = {}): Promise<FreshServer> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-'));
	const dataDir = path.join(folder, 'data');
	// PostgreSQL does not run as root, and the account it drops to must reach its data.
	await chmod(folder, 0o711);
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
