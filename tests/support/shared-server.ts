import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { faultVariable } from '../faults/fault.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createSender } from './http.ts';
import { checkLog } from './log-scan.ts';
import { launchServer, type TestServer } from './server.ts';
import { describeSchema, Snapshot } from './snapshot.ts';

/** The environment of every server of `useApi`: the settings decide the log level, so that tests can change it. */
export const defaultEnv = { IMMICH_LOG_LEVEL: '' };

/**
 * A server with the default environment that the test files of a worker use one after the other, since starting one costs
 * more than most files. Each file gets the rows of a new server back; what a server remembers comes from those rows.
 */
export class SharedServer {
	readonly server: TestServer;
	readonly database: TestDatabase;
	readonly dataDir: string;
	readonly #snapshot: Snapshot;
	readonly #schema: string;
	readonly #startLines: readonly string[];
	#firstLine: number;
	isLeased = false;

	private constructor(
		parts: Pick<SharedServer, 'server' | 'database' | 'dataDir'>,
		snapshot: Snapshot,
		schema: string
	) {
		this.server = parts.server;
		this.database = parts.database;
		this.dataDir = parts.dataDir;
		this.#snapshot = snapshot;
		this.#schema = schema;
		this.#startLines = [...this.server.lines];
		this.#firstLine = this.#startLines.length;
	}

	/**
	 * Returns this worker's server in the state of a new one; null if this file uses it already, or if a fault is planted, which
	 * a server gets at its start.
	 */
	static async lease(): Promise<SharedServer | null> {
		if (process.env[faultVariable] !== undefined) return null;
		let shared = globalThis.sharedTestServer;
		if (shared?.isLeased === true) return null;
		if (shared && !(await shared.#renew())) {
			await shared.#end();
			shared = undefined;
		}
		shared ??= await SharedServer.#start();
		shared.isLeased = true;
		globalThis.sharedTestServer = shared;
		return shared;
	}

	/** What the server has printed at its start and during this lease. */
	get lines(): readonly string[] {
		return [...this.#startLines, ...this.server.lines.slice(this.#firstLine)];
	}

	/** Ends the lease; throws if the server has logged an email address or a secret. */
	release(): void {
		this.isLeased = false;
		checkLog(this.lines);
	}

	static async #start(): Promise<SharedServer> {
		const database = await createTestDatabase();
		const dataDir = await mkdtemp(path.join(inject('sharedServers'), 'data-'));
		const env = { ...defaultEnv, DATABASE_URL: database.url, DATA_DIR: dataDir };
		const { process: child, lines, ready, stop } = launchServer(env);
		const port = await ready;
		// The server outlives the worker; the global teardown ends it.
		await writeFile(path.join(inject('sharedServers'), `${String(child.pid)}.pid`), '');
		child.unref();
		const server = {
			url: `http://localhost:${String(port)}`,
			port,
			process: child,
			lines,
			stop: async () => {
				await stop();
			}
		};
		const schema = await describeSchema(database.pool);
		const snapshot = await Snapshot.take(database.pool, 'start_snapshot');
		return new SharedServer({ server, database, dataDir }, snapshot, schema);
	}

	/** Restores the start; returns false if a test has changed the schema or ended the server. */
	async #renew(): Promise<boolean> {
		const { process: child, url, lines } = this.server;
		if (child.exitCode !== null || child.signalCode !== null) return false;
		if ((await describeSchema(this.database.pool)) !== this.#schema) return false;
		await this.#snapshot.restore();
		const { send, close } = createSender(url);
		await send('POST', '/api/nothing');
		close();
		this.#firstLine = lines.length;
		return true;
	}

	async #end(): Promise<void> {
		await this.server.stop();
		await this.database.close();
	}
}

declare global {
	// Vitest may load this file once per test file.
	var sharedTestServer: SharedServer | undefined;
}
