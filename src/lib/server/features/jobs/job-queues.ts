import { daySeconds } from '#lib/contract/day.ts';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import PgBoss from 'pg-boss';
import type { WorkName } from '#lib/contract/jobs/queue-names.ts';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import type { Log } from '#lib/server/platform/log.ts';
import { jobSchema } from './job.repository.ts';
import type { SettingsReader } from '#lib/server/features/settings/index.ts';
import type { AddJob, JobDefinition } from '#lib/server/platform/job.ts';
import { beginWaiting, getNightId, isToRun, lastDue, nightlyQueue, readNightlyRun, runNightly } from './nightly.ts';
import { QueueWorker, type RunnableJob } from './queue-worker.ts';
import type { JobStore } from './repositories.ts';

interface Dependencies {
	readonly pool: Pool;
	readonly jobs: ReadonlyMap<string, JobDefinition>;
	readonly store: JobStore;
	readonly settings: SettingsReader;
	readonly log: Log;
	readonly isHeld: () => boolean;
}

/** How often the clock is checked for the nightly run. */
const clockMs = 15_000;

/** Enqueues jobs; the only module that knows pg-boss. It uses the application's pool, so it needs no connections of its own. */
export class JobQueues {
	readonly #deps: Dependencies;
	readonly #jobs: ReadonlyMap<string, RunnableJob>;
	readonly #boss: PgBoss;
	readonly #workers: ReadonlyMap<string, QueueWorker>;
	#clock: ReturnType<typeof setInterval> | undefined;
	/** The night that needs no further checks. */
	#handledDue: number | null = null;

	constructor(dependencies: Dependencies) {
		const { pool, jobs, store, settings, log, isHeld } = dependencies;
		const nightly = runNightly({ metadata: store.metadata, settings, jobs });
		this.#deps = dependencies;
		this.#jobs = new Map<string, RunnableJob>([...jobs, [nightlyQueue, { queue: nightlyQueue, work: nightly }]]);
		this.#boss = new PgBoss({
			db: { executeSql: (text, values: unknown[]) => executeSql(pool, text, values) },
			schema: jobSchema,
			schedule: false,
			maintenanceIntervalSeconds: 30,
			archiveCompletedAfterSeconds: 3 * daySeconds,
			archiveFailedAfterSeconds: 14 * daySeconds,
			deleteAfterDays: 1
		});
		this.#boss.on('error', (error) => log.warn({ error }, 'Jobs could not be looked after'));
		const concurrency = (queue: string) => getConcurrency(queue, settings.current.system.job);
		const parts = {
			boss: this.#boss,
			repository: store.jobs,
			jobs: this.#jobs,
			add: this.add,
			log,
			isHeld,
			concurrency
		};
		const queues = new Set([...this.#jobs.values()].map(({ queue }) => queue));
		this.#workers = new Map([...queues].map((queue) => [queue, new QueueWorker(queue, parts)]));
	}

	/** Starts working on waiting jobs, including those left by an earlier process. */
	async start(): Promise<void> {
		await this.#boss.start();
		await createQueues(this.#deps.pool, [...this.#workers.keys()]);
		for (const worker of this.#workers.values()) worker.open();
		this.#deps.settings.onChange(() => {
			for (const worker of this.#workers.values()) worker.open();
		});
		await this.#checkClock();
		this.#clock = setInterval(() => void this.#checkClock(), clockMs);
		this.#clock.unref();
	}

	/** Enqueues a job to run as soon as possible; returns null if the same job is already waiting. */
	readonly add: AddJob = async (name, data = {}) => {
		const queue = this.#getQueue(name);
		const singletonKey = [name, ...Object.values(data)].join(' ');
		const id = await this.#boss.send(queue, { name, data }, { singletonKey });
		this.wake(queue);
		return id;
	};

	/** Enqueues a job in the caller's transaction. The worker isn't woken, because the job exists only after the commit. */
	async addInTransaction(name: WorkName, transaction: PgBoss.Db): Promise<void> {
		await this.#boss.send(this.#getQueue(name), { name, data: {} }, { singletonKey: name, db: transaction });
	}

	/** Makes the worker of a queue check immediately, if there is one. */
	wake(queue: string): void {
		this.#workers.get(queue)?.wake();
	}

	/** The same for all queues. */
	wakeAll(): void {
		for (const worker of this.#workers.values()) worker.wake();
	}

	/** Puts running jobs back into their queues after their current step. */
	interrupt(): void {
		for (const worker of this.#workers.values()) worker.interrupt();
	}

	/** Whether this server has work for a queue. */
	hasWork(queue: string): boolean {
		return this.#workers.has(queue);
	}

	async stop(): Promise<void> {
		clearInterval(this.#clock);
		await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
		await this.#boss.stop({ graceful: false });
	}

	#getQueue(name: string): string {
		const known = this.#jobs.get(name);
		if (!known) throw new Error(`Unknown job: ${name}`);
		return known.queue;
	}

	/** Enqueues the nightly run when it is due; a missed run is made up for. */
	async #checkClock(): Promise<void> {
		const { store, settings, log } = this.#deps;
		const { metadata } = store;
		const now = new Date();
		const due = lastDue(settings.current.system.nightlyTasks.startTime, now);
		if (this.#handledDue === due.getTime()) return;
		try {
			const last = await readNightlyRun(metadata);
			if (last === null) await beginWaiting(metadata, due);
			else if (isToRun(last, due, now)) await this.#sendNightly(due);
			this.#handledDue = due.getTime();
		} catch (error) {
			log.warn({ error }, 'The nightly run could not be started');
		}
	}

	async #sendNightly(due: Date): Promise<void> {
		const data = { name: nightlyQueue, data: { due: due.toISOString() } };
		await this.#boss.send(nightlyQueue, data, { id: getNightId(due), singletonKey: randomUUID() });
		this.wake(nightlyQueue);
	}
}

/** One at a time without a setting: Immich doesn't know our queue. */
const getConcurrency = (queue: string, settings: SystemConfig['job']): number =>
	Object.entries(settings).find(([name]) => name === queue)?.[1].concurrency ?? 1;

/** Runs pg-boss's SQL. It puts whole transactions in one text, so after a failure the connection is not reused. */
async function executeSql(pool: Pool, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
	const client = await pool.connect();
	try {
		const result = await client.query<Record<string, unknown>>(text, values);
		client.release();
		return result;
	} catch (error) {
		client.release(true);
		throw error;
	}
}

const queueOptions = {
	// One waiting job per kind; jobs with different data are of different kinds.
	policy: 'short',
	retryLimit: 3,
	retryDelay: 30,
	retryBackoff: true,
	// How long a job can go without a heartbeat; workers send them more often, see QueueWorker.
	expireInSeconds: 60
} as const;

/**
 * Creates the queues that don't exist yet; pg-boss's tables must exist. One server at a time: each new queue gets a table with a
 * foreign key, and two servers that create different ones wait for each other's lock on the table of queues.
 */
export async function createQueues(pool: Pool, names: readonly string[]): Promise<void> {
	const client = await pool.connect();
	const executeSql = (text: string, values: unknown[]) => client.query<Record<string, unknown>>(text, values);
	const boss = new PgBoss({ db: { executeSql }, schema: jobSchema, schedule: false, supervise: false });
	try {
		await client.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtext('immich_auth.queues'))`);
		for (const name of names) await boss.createQueue(name, { name, ...queueOptions });
		await client.query('COMMIT');
		client.release();
	} catch (error) {
		// Closing the connection rolls the transaction back.
		client.release(true);
		throw error;
	}
}
