import type { Pool } from 'pg';
import type { JobStatus } from '#lib/contract/jobs/queue-names.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** The number of jobs of a queue, by state. */
export interface QueueCounts {
	readonly queue: string;
	readonly waiting: number;
	readonly delayed: number;
	readonly active: number;
	readonly completed: number;
	readonly failed: number;
}

/** A job as stored by pg-boss; `data` is what the sender passed. */
export interface JobRow {
	readonly id: string;
	readonly queue: string;
	readonly state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed';
	readonly data: unknown;
	readonly output: unknown;
	readonly retryCount: number;
	readonly createdAt: Date;
	readonly completedAt: Date | null;
}

export interface HourCount {
	readonly hour: Date;
	readonly finished: number;
	readonly failed: number;
}

/** pg-boss's tables are in a schema of their own: migration 20261122001400. */
export const jobSchema = 'immich_auth_jobs';

export const hasNotBegun = `"state" IN ('created', 'retry')`;
const conditions: Readonly<Record<JobStatus, string>> = {
	active: `"state" = 'active'`,
	completed: `"state" = 'completed'`,
	failed: `"state" = 'failed'`,
	delayed: `${hasNotBegun} AND "start_after" > now()`,
	waiting: `${hasNotBegun} AND "start_after" <= now()`,
	// Jobs waiting in a paused queue; the caller knows which queues are paused.
	paused: `${hasNotBegun} AND "start_after" <= now()`
};

const columns = `"id", "name" AS "queue", "state", "data", "output", "retry_count" AS "retryCount",
	"created_on" AS "createdAt", "completed_on" AS "completedAt"`;

/** The number of jobs listed; the rest are only counted. */
const longestList = 1_000;
/** How long the counts of ended jobs are kept. */
const keptHoursDays = 30;

/** Reads pg-boss's jobs, changes them in bulk, and stores the data kept beside them. */
export class JobRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Counts the jobs of each queue that has any. */
	async count(): Promise<QueueCounts[]> {
		const { rows } = await this.#pool.query<QueueCounts>(`
			SELECT "name" AS "queue",
				count(*) FILTER (WHERE ${conditions.waiting})::int AS "waiting",
				count(*) FILTER (WHERE ${conditions.delayed})::int AS "delayed",
				count(*) FILTER (WHERE ${conditions.active})::int AS "active",
				count(*) FILTER (WHERE ${conditions.completed})::int AS "completed",
				count(*) FILTER (WHERE ${conditions.failed})::int AS "failed"
			FROM ${jobSchema}.job GROUP BY "name"`);
		return rows;
	}

	/** Lists jobs of a queue in one of these states, newest first. */
	async list(queue: string, statuses: readonly JobStatus[]): Promise<JobRow[]> {
		if (statuses.length === 0) return [];
		const { rows } = await this.#pool.query<JobRow>(
			`SELECT ${columns} FROM ${jobSchema}.job
			WHERE "name" = $1 AND (${statuses.map((status) => `(${conditions[status]})`).join(' OR ')})
			ORDER BY "created_on" DESC, "id" LIMIT ${longestList}`,
			[queue]
		);
		return rows;
	}

	/** Lists recent failures in all queues. */
	async listFailed(limit: number): Promise<JobRow[]> {
		const { rows } = await this.#pool.query<JobRow>(
			`SELECT ${columns} FROM ${jobSchema}.job WHERE "state" = 'failed' ORDER BY "completed_on" DESC, "id" LIMIT $1`,
			[limit]
		);
		return rows;
	}

	async listByIds(queue: string, ids: readonly string[]): Promise<JobRow[]> {
		const { rows } = await this.#pool.query<JobRow>(
			`SELECT ${columns} FROM ${jobSchema}.job WHERE "name" = $1 AND "id" = ANY($2::uuid[])`,
			[queue, ids]
		);
		return rows;
	}

	async hasActive(queue: string): Promise<boolean> {
		const { rowCount } = await this.#pool.query(
			`SELECT 1 FROM ${jobSchema}.job WHERE "name" = $1 AND "state" = 'active' LIMIT 1`,
			[queue]
		);
		return rowCount === 1;
	}

	/** Sends a job's heartbeat; returns false if another worker has taken the job. */
	async keepAlive(queue: string, id: string): Promise<boolean> {
		const { rowCount } = await this.#pool.query(
			`UPDATE ${jobSchema}.job SET "started_on" = now() WHERE "name" = $1 AND "id" = $2 AND "state" = 'active'`,
			[queue, id]
		);
		return rowCount === 1;
	}

	/** Returns a job that can't be finished now to the queue, as if it had not started. */
	async putBack(queue: string, id: string): Promise<void> {
		await this.#pool.query(
			`UPDATE ${jobSchema}.job SET "state" = 'retry', "started_on" = NULL, "start_after" = now()
			WHERE "name" = $1 AND "id" = $2 AND "state" = 'active'`,
			[queue, id]
		);
	}

	async listPaused(): Promise<string[]> {
		const { rows } = await this.#pool.query<{ name: string }>(
			'SELECT "name" FROM immich_auth.job_queue WHERE "pausedAt" IS NOT NULL'
		);
		return rows.map(({ name }) => name);
	}

	async isPaused(queue: string): Promise<boolean> {
		const { rowCount } = await this.#pool.query(
			'SELECT 1 FROM immich_auth.job_queue WHERE "name" = $1 AND "pausedAt" IS NOT NULL',
			[queue]
		);
		return rowCount === 1;
	}

	/** Counts a finished or failed job under the current hour. */
	async countEnd(queue: string, end: 'finished' | 'failed'): Promise<void> {
		const [finished, failed] = end === 'finished' ? [1, 0] : [0, 1];
		await this.#pool.query(
			`INSERT INTO immich_auth.job_hour AS hours ("hour", "queue", "finished", "failed")
			VALUES (date_trunc('hour', now()), $1, $2, $3)
			ON CONFLICT ("hour", "queue") DO UPDATE SET "finished" = hours."finished" + excluded."finished",
				"failed" = hours."failed" + excluded."failed"`,
			[queue, finished, failed]
		);
	}

	/** Sums up the hours since `from`; hours in which nothing ended are omitted. */
	async listHours(from: Date): Promise<HourCount[]> {
		const { rows } = await this.#pool.query<HourCount>(
			`SELECT "hour", sum("finished")::int AS "finished", sum("failed")::int AS "failed"
			FROM immich_auth.job_hour WHERE "hour" >= $1 GROUP BY "hour" ORDER BY "hour"`,
			[from]
		);
		return rows;
	}

	/** Deletes old counts. */
	async forgetHours(): Promise<number> {
		const { rowCount } = await this.#pool.query(
			`DELETE FROM immich_auth.job_hour WHERE "hour" < now() - interval '${keptHoursDays} days'`
		);
		return rowCount ?? 0;
	}
}
