import type PgBoss from 'pg-boss';
import { z } from 'zod';
import type { Log } from '#lib/server/platform/log.ts';
import type { JobRepository } from './job.repository.ts';
import { Interrupted, Turn } from './turn.ts';
import type { Tools, WorkTable } from './job-handler.ts';

interface Dependencies {
	readonly boss: PgBoss;
	readonly jobs: JobRepository;
	readonly table: WorkTable;
	readonly tools: Tools;
	readonly log: Log;
	/** Nothing is done during maintenance; it goes on afterwards. */
	readonly isHeld: () => boolean;
	/** How many jobs of a queue are done at once, by the settings of the moment. */
	readonly concurrency: (queue: string) => number;
}

/** How often it looks for what other instances have sent, or left; its own are told to it at once. */
const pollMs = 15_000;
/** A third of what a job may be silent before it is taken over. */
const heartbeatMs = 20_000;
const longestReason = 500;

export const JobPayload = z.object({ name: z.string(), data: z.record(z.string(), z.unknown()).default({}) });

/** More at once would leave requests without connections to the database, whatever the settings say. */
const mostAtOnce = 8;

/**
 * Does the jobs of one queue, each lane one after another. pg-boss's own workers leave a promise unheeded that a lost database would
 * make end the process, and know of no pause.
 */
export class QueueWorker {
	readonly #queue: string;
	readonly #with: Dependencies;
	readonly #lanes: Promise<void>[] = [];
	readonly #sleepers = new Set<() => void>();
	#isStopping = false;
	/** So often it has been woken: a lane that was busy meanwhile looks again. */
	#wakes = 0;

	constructor(queue: string, dependencies: Dependencies) {
		this.#queue = queue;
		this.#with = dependencies;
	}

	/** Begins to work, and after a change of the settings with as many lanes as they allow; those too many rest. */
	open(): void {
		while (this.#lanes.length < this.#width()) this.#lanes.push(this.#keepWorking(this.#lanes.length));
		this.wake();
	}

	/** Looks at once. */
	wake(): void {
		this.#wakes++;
		for (const rouse of this.#sleepers) rouse();
	}

	/** Ends after the step at hand; the job goes on elsewhere, or after the next start. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		this.wake();
		await Promise.all(this.#lanes);
	}

	#width(): number {
		return Math.min(this.#with.concurrency(this.#queue), mostAtOnce);
	}

	async #keepWorking(lane: number): Promise<void> {
		while (!this.#isStopping) {
			const wakes = this.#wakes;
			await this.#workOff(lane).catch((error: unknown) =>
				this.#with.log.warn({ queue: this.#queue, error }, 'Jobs could not be done')
			);
			if (wakes === this.#wakes) await this.#rest(lane);
		}
	}

	/** Rests until it is woken. The first lane looks by itself from time to time, and wakes the others where there is work. */
	#rest(lane: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = lane === 0 ? setTimeout(() => rouse(), pollMs) : undefined;
			timer?.unref();
			const rouse = () => {
				clearTimeout(timer);
				this.#sleepers.delete(rouse);
				resolve();
			};
			this.#sleepers.add(rouse);
		});
	}

	readonly #mayWork = (): boolean => !this.#isStopping && !this.#with.isHeld();

	async #workOff(lane: number): Promise<void> {
		const { boss, jobs } = this.#with;
		while (this.#mayWork() && lane < this.#width()) {
			if (await jobs.isPaused(this.#queue)) return;
			const [job] = await boss.fetch(this.#queue, { includeMetadata: true });
			if (!job) return;
			this.wake();
			await this.#do(job);
		}
	}

	async #do({ id, data, retryCount, retryLimit }: PgBoss.JobWithMetadata<unknown>): Promise<void> {
		const { boss, jobs, log } = this.#with;
		const turn = new Turn(this.#mayWork);
		const beating = setInterval(() => void this.#beat(id, turn), heartbeatMs);
		try {
			const result = await this.#run(data, turn);
			await boss.complete(this.#queue, id, { result });
			await jobs.countEnd(this.#queue, 'finished');
		} catch (error) {
			if (turn.isLost) return;
			if (error instanceof Interrupted) return await jobs.putBack(this.#queue, id);
			const isLast = retryCount >= retryLimit;
			log[isLast ? 'error' : 'warn']({ queue: this.#queue, jobId: id, error }, 'A job has failed');
			await boss.fail(this.#queue, id, { reason: reasonOf(error) });
			if (isLast) await jobs.countEnd(this.#queue, 'failed');
		} finally {
			clearInterval(beating);
		}
	}

	async #run(payload: unknown, turn: Turn): Promise<string> {
		const { name, data } = JobPayload.parse(payload);
		const known = this.#with.table[name];
		if (!known) throw new Error(`There is no work of the name ${name}`);
		return await known.work(this.#with.tools, { data, turn });
	}

	async #beat(id: string, turn: Turn): Promise<void> {
		try {
			if (!(await this.#with.jobs.keepAlive(this.#queue, id))) turn.lose();
		} catch (error) {
			this.#with.log.warn({ queue: this.#queue, error }, 'A job could not be held');
		}
	}
}

/** What is kept of an error, for administrators: its last line, which with Prisma is the one that tells. */
function reasonOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return (message.trim().split('\n').at(-1) ?? '').slice(0, longestReason) || 'Unknown';
}
