import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { runAdmin, type CommandResult } from './command.ts';
import { startDebianPostgres, type DebianPostgres } from './debian-postgres.ts';
import { createSender, type Send } from './http.ts';
import { RunningImmich, type ImmichVersion } from './running-immich.ts';
import { startServer, type TestServer } from './server.ts';

/** A server of ours on an Immich's database. */
export interface Attached {
	readonly server: TestServer;
	readonly send: Send;
	readonly stop: () => Promise<void>;
}

/** Stand-ins for a running Immich, and what is started beside them; all of it ends after the test or the file. */
export class BesideImmich {
	#postgres: DebianPostgres | undefined;
	#ends: (() => Promise<void>)[] = [];

	get postgres(): DebianPostgres {
		if (!this.#postgres) throw new Error('PostgreSQL has not been started');
		return this.#postgres;
	}

	async open(): Promise<void> {
		this.#postgres = await startDebianPostgres();
	}

	async endAll(): Promise<void> {
		for (const end of this.#ends.splice(0).reverse()) await end();
	}

	async close(): Promise<void> {
		await this.endAll();
		await this.#postgres?.stop();
	}

	async createImmich(version: ImmichVersion): Promise<RunningImmich> {
		const immich = await RunningImmich.create(this.postgres, version);
		this.#ends.push(() => immich.close());
		return immich;
	}

	async attach(url: string): Promise<Attached> {
		const dataDir = await mkdtemp(path.join(tmpdir(), 'immich-auth-attached-'));
		const server = await startServer({ DATABASE_URL: url, DATA_DIR: dataDir });
		const { send, close } = createSender(server.url);
		let isStopped = false;
		const stop = async () => {
			if (isStopped) return;
			isStopped = true;
			close();
			await server.stop();
			await rm(dataDir, { recursive: true, force: true });
		};
		this.#ends.push(stop);
		return { server, send, stop };
	}

	/** Runs `immich-admin` on a database. */
	run(url: string, ...given: readonly string[]): Promise<CommandResult> {
		return runAdmin(given, { DATABASE_URL: url, DATA_DIR: path.join(tmpdir(), 'immich-auth-attached') });
	}
}

/** Starts PostgreSQL for the tests of a file. */
export function useImmich(): BesideImmich {
	const beside = new BesideImmich();
	beforeAll(() => beside.open(), 60_000);
	afterEach(() => beside.endAll());
	afterAll(() => beside.close());
	return beside;
}
