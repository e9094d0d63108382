import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { attachOrStart, readRunning, type Attachment } from './embedded/attach.ts';
import { prepareBinaries, type Binaries } from './embedded/binaries.ts';
import { ensureCluster, type Transport } from './embedded/cluster.ts';
import { prepareHome, type Home } from './embedded/home.ts';
import { giveUpLease, type Address } from './embedded/lease.ts';
import { runProgram } from './embedded/programs.ts';

export type EmbeddedConnection = Address & { database: string };

export type EmbeddedPostgres = {
	/** Options for a pool or client of pg. They stay good when the server has to be started again. */
	connection: EmbeddedConnection;
	/** Whether this process started the server, rather than joined one that ran already. */
	ownsServer: boolean;
	/** Lets go of the server, and stops it when no other process needs it. Close every pool first. */
	stop: () => Promise<void>;
};

export type EmbeddedPostgresOptions = {
	dataDir: string;
	/** Settings for the server, such as `['-c', 'fsync=off']`. */
	flags?: string[];
	/** Stops the server when this process dies, however it dies. For tests: it costs a small shell process. Not on Windows. */
	dieWithParent?: boolean;
	/** A unix socket, except on Windows, where Node cannot open PostgreSQL's. */
	transport?: Transport;
	onProgress?: (message: string) => void;
};

const databaseName = 'immich';
const firstReattachMs = 1_000;
const maxReattachMs = 30_000;

/**
 * Starts the PostgreSQL that comes with the package, with its data below `dataDir`, or joins the one that already serves it.
 *
 * @throws StartupError with one line on what is wrong and what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
	const onProgress = options.onProgress ?? (() => {});
	const transport = options.transport ?? (process.platform === 'win32' ? 'tcp' : 'socket');
	const serverOptions = { flags: options.flags ?? [], dieWithParent: options.dieWithParent ?? false, onProgress };

	const home = await prepareHome(path.resolve(options.dataDir), onProgress);
	const binaries = await prepareBinaries(home.root, home.runAs);
	await ensureCluster(home, binaries.initdb, transport, onProgress);
	let attachment = await attachOrStart(home, binaries, serverOptions);
	try {
		await ensureDatabase(attachment.lease);
	} catch (error) {
		await leave(attachment, home, binaries);
		throw error;
	}

	const stopping = new AbortController();
	const isStopping = () => stopping.signal.aborted;
	const keepAttached = () => {
		attachment.lease.once('end', () => void reattach());
	};
	const reattach = async () => {
		for (let pauseMs = firstReattachMs; !isStopping(); pauseMs = Math.min(pauseMs * 2, maxReattachMs)) {
			try {
				attachment = await attachOrStart(home, binaries, serverOptions, attachment.address);
				if (isStopping()) await leave(attachment, home, binaries);
				else keepAttached();
				return;
			} catch (error) {
				onProgress(`database: ${error instanceof Error ? error.message : String(error)}`);
				await sleep(pauseMs);
			}
		}
	};
	keepAttached();

	return {
		connection: { ...attachment.address, database: databaseName },
		ownsServer: attachment.process !== undefined,
		stop: async () => {
			if (isStopping()) return;
			stopping.abort();
			await leave(attachment, home, binaries);
		}
	};
}

async function leave({ address, lease, process: server }: Attachment, home: Home, binaries: Binaries): Promise<void> {
	if ((await giveUpLease(lease)) !== 'last') return;
	if (server && process.platform !== 'win32') {
		await server.stop();
	} else if (await isPostmaster((await readRunning(home, address))?.pid)) {
		await runProgram(binaries.pgCtl, ['stop', '-D', home.data, '-m', 'fast', '-w'], home);
	}
	await lease.end().catch(() => {});
}

/**
 * Makes sure that the process id in the lock file means the server: another container on the same volume counts its processes
 * differently. Only Linux can tell; elsewhere there are no such containers.
 */
async function isPostmaster(pid: number | undefined): Promise<boolean> {
	if (pid === undefined) return false;
	if (process.platform !== 'linux') return true;
	const name = await readFile(`/proc/${String(pid)}/comm`, 'utf8').catch(() => '');
	return name.trim() === 'postgres';
}

async function ensureDatabase(client: pg.Client): Promise<void> {
	const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
	if (rowCount !== 0) return;
	await client.query(`CREATE DATABASE ${databaseName}`).catch((error: unknown) => {
		// Another first start made it in the meantime: duplicate_database, or the unique index behind it.
		if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error;
	});
}
