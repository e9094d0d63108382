import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Writes which queues are paused; in a transaction, so that the change and its audit event are atomic. */
export class QueueStateRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Pauses or resumes a queue; returns false if nothing changed. */
	async setPaused(name: string, isPaused: boolean): Promise<boolean> {
		const changed = isPaused
			? await this.#prisma.$executeRaw`
				INSERT INTO immich_auth.job_queue AS queue ("name", "pausedAt") VALUES (${name}, now())
				ON CONFLICT ("name") DO UPDATE SET "pausedAt" = now() WHERE queue."pausedAt" IS NULL`
			: await this.#prisma.$executeRaw`
				DELETE FROM immich_auth.job_queue WHERE "name" = ${name} AND "pausedAt" IS NOT NULL`;
		return changed > 0;
	}
}
