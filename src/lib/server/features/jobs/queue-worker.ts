import type PgBoss from 'pg-boss';
import { z } from 'zod';
import type { Log } from '#lib/server/platform/log.ts';
import type { AddJob, JobHandler } from '#lib/server/platform/job.ts';
import type { JobRepository } from './job.repository.ts';

/** A job as workers see it. */
export interface RunnableJob {
	readonly queue: string;
	readonly work: JobHandler;
}

interface Dependencies {
	readonly boss: PgBoss;
	readonly repository: JobRepository;
	/** By name. */
	readonly jobs: ReadonlyMap<string, RunnableJob>;
	readonly add: AddJob;
	readonly log: Log;
	/** Work pauses during maintenance and resumes afterwards. */
	readonly isHeld: () => boolean;
	/** How many jobs of a queue run concurrently, by the current settings. */
	readonly concurrency: (queue: string) => number;
}

/** How often it polls for jobs sent or abandoned by other instances; its own jobs wake it immediately. */
const pollMs = 15_000;
/** A third of the time a job can go without a heartbeat. */
const heartbeatMs = 20_000;
const longestReason = 500;

export const JobPayload = z.object({ name: z.string(), data: z.record(z.string(), z.unknown()).default({}) });

/** More would leave requests without database connections, whatever the settings say. */
const mostAtOnce = 8;

/**
 * Runs the jobs of one queue, one after another in each lane. pg-boss's own workers leave a promise unhandled, so losing
 * the database would end the process, and they can't be paused.
 */
export class QueueWorker {
	readonly #queue: string;
	readonly #deps: Dependencies;
	readonly #lanes: Promise<void>[] = [];
	readonly #sleepers = new Set<() => void>();
	/** One per running job: aborted when the job has to stop before its next step. */
	readonly #running = new Set<AbortController>();
	#isStopping = false;
	/** Counts wake-ups: a lane that was busy meanwhile checks again. */
	#wakes = 0;

	constructor(queue: string, dependencies: Dependencies) {
		this.#queue = queue;
		this.#deps = dependencies;
	}

	/** Starts working, and after a settings change adjusts to the new number of lanes; surplus lanes idle. */
	open(): void {
		while (this.#lanes.length < this.#width()) this.#lanes.push(this.#keepWorking(this.#lanes.length));
		this.wake();
	}

	/** Checks immediately. */
	wake(): void {
		this.#wakes++;
		for (const rouse of this.#sleepers) rouse();
	}

	/** Puts running jobs back into the queue after their current step. */
	interrupt(): void {
		for (const controller of this.#running) controller.abort();
	}

	/** Stops after the current step; the job continues on another instance or after the next start. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		this.interrupt();
		this.wake();
		await Promise.all(this.#lanes);
	}

	#width(): number {
		return Math.min(this.#deps.concurrency(this.#queue), mostAtOnce);
	}

	async #keepWorking(lane: number): Promise<void> {
		while (!this.#isStopping) {
			const wakes = this.#wakes;
			await this.#workOff(lane).catch((error: unknown) =>
				this.#deps.log.warn({ queue: this.#queue, error }, 'Jobs could not be done')
			);
			if (wakes === this.#wakes) await this.#rest(lane);
		}
	}

	/** Waits until woken. The first lane also polls, and wakes the others if there is work. */
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

	readonly #mayWork = (): boolean => !this.#isStopping && !this.#deps.isHeld();

	async #workOff(lane: number): Promise<void> {
		const { boss, repository } = this.#deps;
		while (this.#mayWork() && lane < this.#width()) {
			if (await repository.isPaused(this.#queue)) return;
			const [job] = await boss.fetch(this.#queue, { includeMetadata: true });
			if (!job) return;
			this.wake();
			await this.#do(job);
		}
	}

	async #do({ id, data, retryCount, retryLimit }: PgBoss.JobWithMetadata<unknown>): Promise<void> {
		const { boss, repository, log } = this.#deps;
		const [interruption, loss] = [new AbortController(), new AbortController()];
		const signal = AbortSignal.any([interruption.signal, loss.signal]);
		this.#running.add(interruption);
		// Maintenance or the end of the process may have begun while the job was being fetched.
		if (!this.#mayWork()) interruption.abort();
		const beating = setInterval(() => void this.#beat(id, loss), heartbeatMs);
		try {
			const result = await this.#run(data, signal);
			await boss.complete(this.#queue, id, { result });
			await repository.countEnd(this.#queue, 'finished');
		} catch (error) {
			if (loss.signal.aborted) return;
			if (signal.aborted && error === signal.reason) return await repository.putBack(this.#queue, id);
			const isLast = retryCount >= retryLimit;
			log[isLast ? 'error' : 'warn']({ queue: this.#queue, jobId: id, error }, 'A job has failed');
			await boss.fail(this.#queue, id, { reason: toReason(error) });
			if (isLast) await repository.countEnd(this.#queue, 'failed');
		} finally {
			clearInterval(beating);
			this.#running.delete(interruption);
		}
	}

	async #run(payload: unknown, signal: AbortSignal): Promise<string> {
		const { name, data } = JobPayload.parse(payload);
		const known = this.#deps.jobs.get(name);
		if (!known) throw new Error(`Unknown job: ${name}`);
		return await known.work({ data, signal, add: this.#deps.add });
	}

	/** Keeps the job, or stops it if another worker has taken it. */
	async #beat(id: string, loss: AbortController): Promise<void> {
		try {
			if (!(await this.#deps.repository.keepAlive(this.#queue, id))) loss.abort();
		} catch (error) {
			this.#deps.log.warn({ queue: this.#queue, error }, 'A job could not be held');
		}
	}
}

/** The part of an error shown to admins: its last line, which in Prisma's errors is the meaningful one. */
function toReason(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return (message.trim().split('\n').at(-1) ?? '').slice(0, longestReason) || 'Unknown';
}
