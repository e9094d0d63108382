import path from 'node:path';
import pg from 'pg';
import { startFreshServer, type FreshServer } from '../../support/server.ts';
import { describeSchema, Snapshot } from '../../support/snapshot.ts';
import { Seed } from './accounts.ts';
import { templateData } from './template.ts';

interface Running {
	readonly server: FreshServer;
	readonly pool: pg.Pool;
	/** The rows of its start. */
	readonly snapshot: Snapshot;
	readonly schema: string;
}

/** A worker's server; each spec file gets it with the database of a new one. */
export class Servers {
	#file = '';
	#running: Running | null = null;
	#seed: Promise<Seed> | null = null;

	async of(file: string): Promise<FreshServer> {
		return (await this.#at(file)).server;
	}

	/** Creates the first admin of the file's server, once. */
	async getSeed(file: string): Promise<Seed> {
		const { server } = await this.#at(file);
		this.#seed ??= Seed.create(server);
		return this.#seed;
	}

	async stop(): Promise<void> {
		const running = this.#running;
		this.#running = null;
		await running?.pool.end();
		await running?.server.stop();
	}

	async #at(file: string): Promise<Running> {
		if (this.#running && this.#file === file) return this.#running;
		if (!this.#running || !(await renew(this.#running))) {
			await this.stop();
			this.#running = await start();
		}
		this.#file = file;
		this.#seed = null;
		return this.#running;
	}
}

async function start(): Promise<Running> {
	const server = await startFreshServer({}, templateData());
	const host = path.join(server.dataDir, 'postgres/run');
	const pool = new pg.Pool({ host, user: 'postgres', database: 'immich', max: 1 });
	// The server's stop ends it.
	pool.on('error', () => undefined);
	const schema = await describeSchema(pool);
	return { server, pool, snapshot: await Snapshot.take(pool, 'start_snapshot'), schema };
}

/** Restores the rows of the start; returns false if a file has stopped the server or changed the schema. */
async function renew({ server, pool, snapshot, schema }: Running): Promise<boolean> {
	if (server.process.exitCode !== null || server.process.signalCode !== null) return false;
	if ((await describeSchema(pool)) !== schema) return false;
	await snapshot.restore();
	// Waits until the server has noticed.
	await fetch(`${server.url}/api/nothing`, { method: 'POST' });
	return true;
}
