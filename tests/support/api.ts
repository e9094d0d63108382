import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Accounts } from './accounts.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createSender, type Send } from './http.ts';
import { defaultEnv, SharedServer } from './shared-server.ts';
import { startServer, type TestServer } from './server.ts';
import { readSessionSecret } from './vault.ts';

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
	/** Starts a new server, even with the default environment. */
	readonly isOwn?: true;
	/** Fills the database before the server starts. */
	readonly prepare?: (database: TestDatabase) => Promise<void>;
}

/** A server under test and its database. */
export class Api {
	#started: Started | undefined;
	/** Whether the test has used the database since the server last caught up. */
	#isTouched = false;
	#hearing: Promise<unknown> = Promise.resolve();

	/** Starts a server, or with the default options continues on the one that the files of a worker share. */
	async start(options: Options): Promise<void> {
		const isDefault = Object.keys(options).length === 0;
		const shared = isDefault ? await SharedServer.lease() : null;
		if (shared) await this.#continue(shared);
		else await this.#startNew(options);
	}

	async #continue(shared: SharedServer): Promise<void> {
		const { server, database, dataDir } = shared;
		const touch = () => (this.#isTouched = true);
		database.pool.on('release', touch);
		const secret = await readSessionSecret(database.prisma);
		const { send, close } = createSender(server.url);
		this.#started = {
			server: {
				...server,
				get lines() {
					return shared.lines;
				}
			},
			database,
			dataDir,
			accounts: new Accounts(database.prisma, secret),
			send,
			close: () => {
				close();
				database.pool.off('release', touch);
				shared.release();
				return Promise.resolve();
			}
		};
	}

	async #startNew({ env = {}, prepare }: Options): Promise<void> {
		const database = await createTestDatabase();
		await prepare?.(database);
		database.pool.on('release', () => (this.#isTouched = true));
		const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-api-'));
		const server = await startServer({ ...defaultEnv, DATABASE_URL: database.url, DATA_DIR: dataDir, ...env });
		const secret = await readSessionSecret(database.prisma);
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

	/** Sends a request to any path of the server, after it has noticed the test's own database writes. */
	request: Send = async (method, path, sent) => {
		const { send } = this.#running;
		if (this.#isTouched) {
			this.#isTouched = false;
			this.#hearing = send('POST', '/api/nothing').catch(() => undefined);
		}
		await this.#hearing;
		return send(method, path, sent);
	};

	/** Sends all further requests to this address of the server, which is also their client address. */
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

	/** Submits a form to a page of the server with same-origin headers, as a browser does. */
	submit(path: string, form: Readonly<Record<string, string>>, cookie?: string) {
		const headers = { origin: this.url, accept: 'text/html' };
		const host = new URL(this.url).host;
		return this.request('POST', path, { form, headers: { ...headers, host }, ...(cookie !== undefined && { cookie }) });
	}

	get url(): string {
		return this.#running.server.url;
	}

	/** The server's data folder. */
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

	/** The setup code that the server has printed. */
	get setupCode(): string {
		return setupCodeIn(this.lines);
	}

	get accounts(): Accounts {
		return this.#running.accounts;
	}

	get prisma() {
		return this.#running.database.prisma;
	}

	/** For bulk writes. */
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

/**
 * Gives the tests of a file or a `describe` a server with an empty database. With the default options the server has served
 * other files before; tests of what happens once per process need their own, with `isOwn`.
 */
export function useApi(options: Options = {}): Api {
	const api = new Api();
	beforeAll(() => api.start(options));
	afterAll(() => api.close());
	return api;
}

/** Finds the setup code in a server's output; empty if there is none. */
export const setupCodeIn = (lines: readonly string[]): string =>
	/setup code ([\dA-Z]{4}(-[\dA-Z]{4}){2})\./.exec(lines.join('\n'))?.[1] ?? '';

/** The cookie of a signed-in browser. */
export const buildCookie = (token: string): string => `immich_access_token=${token}; immich_is_authenticated=true`;
