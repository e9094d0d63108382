import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';

/** Writes which queues are paused; within a transaction, so that it stands in the audit log or did not happen. */
export class QueueStateRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Pauses a queue or lets it go on; false where it was so before. */
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
