import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { hasNotBegun, jobSchema } from './job.repository.ts';

/** Which jobs of a queue are meant. */
export interface DroppedJobs {
	readonly waiting?: boolean;
	readonly failed?: boolean;
}

/** Handles pg-boss's jobs within a transaction, so that what an administrator orders stands in the audit log or did not happen. */
export class JobOrderRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Runs what pg-boss asks, in this transaction. */
	async executeSql(text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
		// To pg what is missing is null; to Prisma it is an error.
		const rows = await this.#prisma.$queryRawUnsafe<unknown[]>(text, ...values.map((value) => value ?? null));
		return { rows };
	}

	/** Drops what has not begun, and what has failed, as asked for. */
	async drop(queue: string, which: DroppedJobs): Promise<number> {
		return await this.#prisma.$executeRawUnsafe(
			`DELETE FROM ${jobSchema}.job WHERE "name" = $1
				AND (($2::boolean AND ${hasNotBegun}) OR ($3::boolean AND "state" = 'failed'))`,
			queue,
			which.waiting ?? false,
			which.failed ?? false
		);
	}

	/** Lets what has failed be done again, at once and with all its attempts. */
	async retryFailed(queue: string): Promise<number> {
		return await this.#prisma.$executeRawUnsafe(
			`UPDATE ${jobSchema}.job SET "state" = 'retry', "retry_count" = 0, "started_on" = NULL, "completed_on" = NULL,
				"start_after" = now(), "output" = NULL, "keep_until" = now() + interval '14 days'
			WHERE "name" = $1 AND "state" = 'failed'`,
			queue
		);
	}
}
