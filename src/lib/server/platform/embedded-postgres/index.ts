import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { attachOrStart, readRunning, type Attachment, type Patience } from './attach.ts';
import { prepareBinaries, type Binaries } from './binaries.ts';
import { ensureCluster, type Transport } from './cluster.ts';
import { prepareHome, type Home } from './home.ts';
export { hasEmbeddedData } from './home.ts';
import { giveUpLease, type Address } from './lease.ts';
import { runProgram } from './programs.ts';
import { repairData } from './repair.ts';
import { ServerHold } from './watchdog.ts';
import { OpenResources } from '../open-resources.ts';

export type EmbeddedConnection = Address & { database: string };

export type EmbeddedPostgres = {
	/** Options for a pg pool or client. They stay valid when the server is restarted. */
	connection: EmbeddedConnection;
	/** Whether this process started the server rather than joining a running one. */
	ownsServer: boolean;
	/** Releases the server, and stops it if no other process needs it. Close every pool first. */
	stop: () => Promise<void>;
};

export type EmbeddedPostgresOptions = {
	dataDir: string;
	/** Server settings, such as `['-c', 'fsync=off']`. */
	flags?: string[];
	/** Defaults to a Unix socket, except on Windows, where Node can't open PostgreSQL's. */
	transport?: Transport;
	onProgress?: (message: string) => void;
	patience?: Patience;
	/** The caller's list, which the server is added to and which the caller closes. */
	resources?: OpenResources;
};

const databaseName = 'immich';
const firstReattachMs = 1_000;
const maxReattachMs = 30_000;
/** How long PostgreSQL can take to stop before it is killed. */
const stopMs = 4_000;

/**
 * Starts the bundled PostgreSQL with its data below `dataDir`, or joins the one that already serves it.
 *
 * @throws StartupError with one line on what is wrong and what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
	const resources = options.resources ?? new OpenResources();
	const stop = async () => {
		await resources.closeAll();
	};
	try {
		return { ...(await open(options, resources)), stop };
	} catch (error) {
		if (!options.resources) await stop();
		throw error;
	}
}

async function open(
	options: EmbeddedPostgresOptions,
	resources: OpenResources
): Promise<Omit<EmbeddedPostgres, 'stop'>> {
	const onProgress = options.onProgress ?? (() => {});
	const transport = options.transport ?? (process.platform === 'win32' ? 'tcp' : 'socket');

	const home = await prepareHome(path.resolve(options.dataDir), onProgress);
	const binaries = await prepareBinaries(home.root, home.runAs);
	await repairData(home);
	await ensureCluster(home, binaries.initdb, transport, { onProgress, resources });
	const hold = new ServerHold(home);
	hold.take();
	const patience = options.patience && { patience: options.patience };
	const serverOptions = { flags: options.flags ?? [], onProgress, resources, hold, ...patience };
	let attachment = await attachOrStart(home, binaries, serverOptions);
	resources.add('PostgreSQL', (withinMs) => leave({ ...attachment, hold }, home, binaries, withinMs), stopMs);
	attachment.process?.handOver();
	await ensureDatabase(attachment.lease);

	const isStopping = () => resources.signal.aborted;
	const keepAttached = () => {
		attachment.lease.once('end', () => void reattach());
	};
	const reattach = async () => {
		for (let pauseMs = firstReattachMs; !isStopping(); pauseMs = Math.min(pauseMs * 2, maxReattachMs)) {
			try {
				attachment = await attachOrStart(home, binaries, serverOptions, attachment.address);
				attachment.process?.handOver();
				keepAttached();
				return;
			} catch (error) {
				if (isStopping()) return;
				onProgress(`database: ${error instanceof Error ? error.message : String(error)}`);
				await sleep(pauseMs, undefined, { signal: resources.signal }).catch(() => {});
			}
		}
	};
	keepAttached();
	return {
		connection: { ...attachment.address, database: databaseName },
		ownsServer: attachment.process !== undefined
	};
}

async function leave(
	{ address, lease, process: server, hold }: Attachment & { hold: ServerHold },
	home: Home,
	binaries: Binaries,
	withinMs: number
): Promise<void> {
	const untilMs = performance.now() + withinMs;
	const standing = await giveUpLease(lease);
	if (standing === 'not last') return hold.release();
	const leftMs = untilMs - performance.now();
	if (server && process.platform !== 'win32') {
		hold.removePipe();
		await server.stop(leftMs);
	}
	// If another process's server doesn't respond, stopping it is left to that process.
	else if (standing === 'last' && (await isPostmaster((await readRunning(home, address))?.pid))) {
		hold.removePipe();
		await stopByPgCtl(home, binaries, leftMs);
	}
	hold.release();
	await lease.end().catch(() => {});
}

/** Tries PostgreSQL's fast shutdown, then an immediate one, which leaves recovery to the next start. */
async function stopByPgCtl(home: Home, { pgCtl }: Binaries, withinMs: number): Promise<void> {
	const seconds = (ms: number) => String(Math.max(1, Math.floor(ms / 1_000)));
	const stop = (mode: string, ms: number) =>
		runProgram(pgCtl, ['stop', '-D', home.data, '-m', mode, '-w', '-t', seconds(ms)], home);
	await stop('fast', withinMs - 1_000).catch(() => stop('immediate', 1_000));
}

/**
 * Checks that the process ID in the lock file is the server's: another container on the same volume numbers its processes
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
		// A concurrent first start created it: duplicate_database, or the unique index behind it.
		if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error;
	});
}
