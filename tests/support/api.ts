import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Accounts } from './accounts.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createSender, type Send } from './http.ts';
import { startServer, type TestServer } from './server.ts';
import { sessionSecretOf } from './vault.ts';

interface Started {
	readonly server: TestServer;
	readonly database: TestDatabase;
	readonly dataDir: string;
	readonly accounts: Accounts;
	readonly send: Send;
	readonly close: () => Promise<void>;
}

interface Options {
	readonly env?: Record<string, string>;
	/** Fills the database before the server starts. */
	readonly prepare?: (database: TestDatabase) => Promise<void>;
}

/** A server under test and its database. */
export class Api {
	#started: Started | undefined;
	/** The test has used the database since the server was last heard of. */
	#isTouched = false;
	#hearing: Promise<unknown> = Promise.resolve();

	async start({ env = {}, prepare }: Options): Promise<void> {
		const database = await createTestDatabase();
		await prepare?.(database);
		database.pool.on('release', () => (this.#isTouched = true));
		const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-api-'));
		const server = await startServer({ DATABASE_URL: database.url, DATA_DIR: dataDir, ...env });
		const secret = await sessionSecretOf(database.prisma);
		const { send, close } = createSender(server.url);
		this.#started = {
			server,
			database,
			dataDir,
			accounts: new Accounts(database.prisma, secret),
			send,
			close: async () => {
				close();
				try {
					await server.stop();
				} finally {
					await database.close();
					await rm(dataDir, { recursive: true, force: true });
				}
			}
		};
	}

	async close(): Promise<void> {
		await this.#started?.close();
	}

	/** Sends a request to any path of the server, once it has heard of what the test has written by itself. */
	request: Send = async (method, path, sent) => {
		const { send } = this.#running;
		if (this.#isTouched) {
			this.#isTouched = false;
			this.#hearing = send('POST', '/api/nothing').catch(() => undefined);
		}
		await this.#hearing;
		return send(method, path, sent);
	};

	/** Sends all further requests to this address of the server, which sees them come from it. */
	sendTo(host: string): void {
		const started = this.#running;
		const { send, close } = createSender(started.server.url, host);
		const closeRest = started.close;
		this.#started = {
			...started,
			send,
			close: async () => {
				close();
				await closeRest();
			}
		};
	}

	/** Sends a browser's form to a page of the server, from a page of the server. */
	submit(path: string, form: Readonly<Record<string, string>>, cookie?: string) {
		const headers = { origin: this.url, accept: 'text/html' };
		const host = new URL(this.url).host;
		return this.request('POST', path, { form, headers: { ...headers, host }, ...(cookie !== undefined && { cookie }) });
	}

	get url(): string {
		return this.#running.server.url;
	}

	/** Where the server keeps its files. */
	get dataDir(): string {
		return this.#running.dataDir;
	}

	/** For a second server on the same database. */
	get databaseUrl(): string {
		return this.#running.database.url;
	}

	get lines(): readonly string[] {
		return this.#running.server.lines;
	}

	/** The code that the server has printed for creating the first admin from another machine. */
	get setupCode(): string {
		return setupCodeIn(this.lines);
	}

	get accounts(): Accounts {
		return this.#running.accounts;
	}

	get prisma() {
		return this.#running.database.prisma;
	}

	/** For what is written in bulk. */
	get pool() {
		return this.#running.database.pool;
	}

	reset(): Promise<void> {
		return this.#running.database.reset();
	}

	get #running(): Started {
		if (!this.#started) throw new Error('The server has not been started');
		return this.#started;
	}
}

/** Starts a server on a database of its own for the tests of a file or of a `describe`. */
export function useApi(options: Options = {}): Api {
	const api = new Api();
	beforeAll(() => api.start(options));
	afterAll(() => api.close());
	return api;
}

/** Finds the setup code in what a server has printed; empty where there is none. */
export const setupCodeIn = (lines: readonly string[]): string =>
	/setup code ([\dA-Z]{4}(-[\dA-Z]{4}){2})\./.exec(lines.join('\n'))?.[1] ?? '';

/** The cookie that a browser holds after signing in. */
export const cookieOf = (token: string): string => `immich_access_token=${token}; immich_is_authenticated=true`;
