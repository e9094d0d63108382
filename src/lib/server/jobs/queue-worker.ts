import type PgBoss from 'pg-boss';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { JobRepository } from '../repositories/job.repository.ts';
import { Interrupted, Turn } from './turn.ts';
import type { Tools, WorkTable } from './work.ts';

interface Dependencies {
	readonly boss: PgBoss;
	readonly jobs: JobRepository;
	readonly table: WorkTable;
	readonly tools: Tools;
	readonly log: Log;
	/** Nothing is done during maintenance; it goes on afterwards. */
	readonly isHeld: () => boolean;
}

/** How often it looks for what other instances have sent, or left; its own are told to it at once. */
const pollMs = 15_000;
/** A third of what a job may be silent before it is taken over. */
const heartbeatMs = 20_000;
const longestReason = 500;

export const JobPayload = z.object({ name: z.string(), data: z.record(z.string(), z.unknown()).default({}) });

/**
 * Does the jobs of one queue, one after another. pg-boss's own workers leave a promise unheeded that a lost database would
 * make end the process, and know of no pause.
 */
export class QueueWorker {
	readonly #queue: string;
	readonly #with: Dependencies;
	#isStopping = false;
	#isWoken = false;
	#wake: () => void = () => undefined;
	#working: Promise<void> = Promise.resolve();

	constructor(queue: string, dependencies: Dependencies) {
		this.#queue = queue;
		this.#with = dependencies;
	}

	start(): void {
		this.#working = this.#keepWorking();
	}

	/** Looks at once. */
	wake(): void {
		this.#isWoken = true;
		this.#wake();
	}

	/** Ends after the step at hand; the job goes on elsewhere, or after the next start. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		this.#wake();
		await this.#working;
	}

	async #keepWorking(): Promise<void> {
		while (!this.#isStopping) {
			this.#isWoken = false;
			await this.#workOff().catch((error: unknown) =>
				this.#with.log.warn({ queue: this.#queue, error }, 'Jobs could not be done')
			);
			await this.#pause();
		}
	}

	#pause(): Promise<void> {
		return new Promise((resolve) => {
			if (this.#isWoken || this.#isStopping) return resolve();
			const timer = setTimeout(resolve, pollMs);
			timer.unref();
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	readonly #mayWork = (): boolean => !this.#isStopping && !this.#with.isHeld();

	async #workOff(): Promise<void> {
		const { boss, jobs } = this.#with;
		while (this.#mayWork()) {
			if (await jobs.isPaused(this.#queue)) return;
			const [job] = await boss.fetch(this.#queue, { includeMetadata: true });
			if (!job) return;
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
