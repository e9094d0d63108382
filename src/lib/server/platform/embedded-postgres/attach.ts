import { readFile, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StoppingError, type OpenResources } from '../open-resources.ts';
import { StartupError } from '../database/startup-error.ts';
import type { Binaries } from './binaries.ts';
import { readPassword, superuser } from './cluster.ts';
import type { Home } from './home.ts';
import { takeLease, type Address } from './lease.ts';
import { adjustmentFor, describeFailure } from './obstacles.ts';
import { readComplaint, spawnServer, type ServerProcess } from './programs.ts';
import { removeStaleLocks } from './repair.ts';
import type { ServerHold } from './watchdog.ts';

export type Attachment = {
	address: Address;
	/** The connection that keeps other processes from stopping the server. */
	lease: pg.Client;
	/** The server if this process started it; undefined if another process did. */
	process: ServerProcess | undefined;
};

export type ServerOptions = {
	flags: string[];
	onProgress: (message: string) => void;
	resources: OpenResources;
	hold: ServerHold;
	patience?: Patience;
};

/** How long to wait for a server that runs but doesn't accept connections yet. */
export type Patience = {
	/** During recovery, which takes longer the more was written before a crash. */
	recoveryMs: number;
	/** While it starts or stops, or has no free connection. */
	busyMs: number;
	/** How often to report what is being waited for. */
	reportMs: number;
};

const usualPatience: Patience = { recoveryMs: 30 * 60_000, busyMs: 2 * 60_000, reportMs: 15_000 };

const startTimeoutMs = 30_000;
const retryMs = 8_000;
const pollIntervalMs = 20;
const retryIntervalMs = 200;
const stopMs = 4_000;
const defaultPort = 5432;

/** PostgreSQL's messages when another server holds the data, is just shutting down, or has just taken the port. */
const passingObstacle =
	/lock file ".*" (already exists|is empty)|pre-existing shared memory block|Address already in use|could not create any TCP/;

/**
 * Connects to the server of this data folder if one is running, otherwise starts one. This resolves races: after a `kill -9` the
 * old server can still be running or shutting down, and of two concurrent starts the loser joins the winner.
 *
 * @throws StartupError with PostgreSQL's own message if it doesn't start
 */
export async function attachOrStart(
	home: Home,
	binaries: Binaries,
	options: ServerOptions,
	previous?: Address
): Promise<Attachment> {
	let server: ServerProcess | undefined;
	// The address that pools of this process already use.
	let fallback = previous ?? (await chooseAddress(home));
	let until = Date.now() + startTimeoutMs;
	const retryUntil = Date.now() + retryMs;
	const flags = [...options.flags];
	let wait: BusyWait | undefined;
	for (;;) {
		if (options.resources.signal.aborted) throw new StoppingError();
		const running = await readRunning(home, fallback);
		const address = running?.address ?? fallback;
		const attempt = await takeLease(address);
		if (attempt.state === 'connected') {
			// While this process waited, the one before can have removed the pipe.
			options.hold.take();
			return { address, lease: attempt.lease, process: server && server.pid === running?.pid ? server : undefined };
		}
		if (attempt.state === 'busy') {
			wait ??= new BusyWait(options, server !== undefined);
			if (wait.isOver(attempt)) {
				await discard(server);
				throw new StartupError(wait.describe(attempt, home));
			}
			until = Date.now() + startTimeoutMs;
		} else if (attempt.state === 'refused') {
			await discard(server);
			throw new StartupError(describeFailure('it takes no connections', attempt.reason, home));
		} else if (server === undefined) {
			await removeStaleLocks(home);
			server = await spawnServer(binaries.postgres, serverArguments(home, fallback, flags), home, options);
		} else if (server.hasExited()) {
			server.handOver();
			const log = await server.readLog();
			const adjustment = adjustmentFor(log, flags);
			const isPassing = passingObstacle.test(log) && Date.now() < retryUntil;
			if (!isPassing && adjustment === undefined) {
				const words =
					log ||
					(await readComplaint(binaries.postgres, serverArguments(home, fallback, flags), home, options.resources));
				throw new StartupError(describeFailure(await server.exited, words, home));
			}
			flags.push(...(adjustment ?? []));
			server = undefined;
			fallback = await chooseAddress(home);
			await sleep(retryIntervalMs);
		}
		if (Date.now() > until) {
			const reason = attempt.state === 'absent' ? attempt.reason : 'it does not run';
			const log = (await server?.readLog()) ?? '';
			await discard(server);
			throw new StartupError(describeFailure(`no answer in time (${reason})`, log, home));
		}
		await sleep(pollIntervalMs);
	}
}

type Busy = { reason: string; isRecovering: boolean };

/** Reports periodically what a start is waiting for, and limits the wait. */
class BusyWait {
	readonly #patience: Patience;
	readonly #onProgress: (message: string) => void;
	readonly #since = Date.now();
	#reportAt: number;

	/** A server that this process just started is always busy briefly, which isn't reported. */
	constructor({ patience = usualPatience, onProgress }: ServerOptions, isOwn: boolean) {
		this.#patience = patience;
		this.#onProgress = onProgress;
		this.#reportAt = this.#since + (isOwn ? patience.reportMs / 5 : 0);
	}

	isOver({ reason, isRecovering }: Busy): boolean {
		const now = Date.now();
		if (now >= this.#reportAt) {
			this.#onProgress(`database: waiting for PostgreSQL (${reason})`);
			this.#reportAt = now + this.#patience.reportMs;
		}
		return now - this.#since > (isRecovering ? this.#patience.recoveryMs : this.#patience.busyMs);
	}

	describe({ reason }: Busy, home: Home): string {
		const seconds = Math.round((Date.now() - this.#since) / 1_000);
		return `The bundled PostgreSQL runs, but has taken no connections for ${String(seconds)} s. It says: ${reason} (see ${home.logFile}). Start again to wait longer, or set DATABASE_URL to a PostgreSQL of yours.`;
	}
}

async function discard(server: ServerProcess | undefined): Promise<void> {
	server?.handOver();
	await server?.stop(stopMs);
}

/**
 * Reads from PostgreSQL's lock file (postmaster.pid) which process serves this data, and where. Undefined if the file was copied
 * along with the data: it then describes the original's server.
 */
export async function readRunning(
	home: Home,
	expected: Address
): Promise<{ pid: number; address: Address } | undefined> {
	const text = await readFile(path.join(home.data, 'postmaster.pid'), 'utf8').catch(() => '');
	const [pid, folder, , port, socketFolder, listenHost] = text.split('\n').map((line) => line.trim());
	if (!pid || !folder || !port || !(await isSameFolder(folder, home.data))) return undefined;
	return {
		pid: Number(pid),
		address: { ...expected, port: Number(port), host: socketFolder || listenHost || expected.host }
	};
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
	const [first, second] = await Promise.all([one, other].map((folder) => realpath(folder).catch(() => undefined)));
	return first !== undefined && first === second;
}

async function chooseAddress(home: Home): Promise<Address> {
	const password = await readPassword(home);
	if (password === undefined) return { host: home.run, port: defaultPort, user: superuser };
	return { host: '127.0.0.1', port: await findFreePort(), user: superuser, password };
}

function serverArguments(home: Home, address: Address, flags: string[]): string[] {
	const isTcp = address.password !== undefined;
	const settings = {
		listen_addresses: isTcp ? address.host : '',
		// The setting is a list; quotes keep a comma in the path from splitting it.
		unix_socket_directories: isTcp ? '' : `"${address.host.replaceAll('"', '""')}"`,
		unix_socket_permissions: '0700',
		port: String(address.port)
	};
	return [
		'-D',
		home.data,
		...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
		...flags
	];
}

async function findFreePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
	const address = probe.address();
	await new Promise((resolve) => probe.close(resolve));
	return typeof address === 'object' && address !== null ? address.port : defaultPort;
}
