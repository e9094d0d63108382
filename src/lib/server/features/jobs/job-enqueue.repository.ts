import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { hasNotBegun, jobSchema } from './job.repository.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Which jobs of a queue to drop. */
export interface DroppedJobs {
	readonly waiting?: boolean;
	readonly failed?: boolean;
}

/** Changes pg-boss's jobs within a transaction, so that they are changed if and only if the audit log records it. */
export class JobEnqueueRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Runs pg-boss's SQL in this transaction. */
	async executeSql(text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
		// pg treats undefined as null; Prisma throws.
		const rows = await this.#prisma.$queryRawUnsafe<unknown[]>(text, ...values.map((value) => value ?? null));
		return { rows };
	}

	/** Drops jobs that have not started, or that have failed, as requested. */
	async drop(queue: string, which: DroppedJobs): Promise<number> {
		return await this.#prisma.$executeRawUnsafe(
			`DELETE FROM ${jobSchema}.job WHERE "name" = $1
				AND (($2::boolean AND ${hasNotBegun}) OR ($3::boolean AND "state" = 'failed'))`,
			queue,
			which.waiting ?? false,
			which.failed ?? false
		);
	}

	/** Retries failed jobs immediately, with all their attempts. */
	async retryFailed(queue: string): Promise<number> {
		return await this.#prisma.$executeRawUnsafe(
			`UPDATE ${jobSchema}.job SET "state" = 'retry', "retry_count" = 0, "started_on" = NULL, "completed_on" = NULL,
				"start_after" = now(), "output" = NULL, "keep_until" = now() + interval '14 days'
			WHERE "name" = $1 AND "state" = 'failed'`,
			queue
		);
	}
}
