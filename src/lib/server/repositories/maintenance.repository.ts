import type { Prisma, PrismaClient } from '../database/database.ts';

/** Immich's row, `maintenance-mode`, and ours beside it, as they are stored. */
export interface StoredMaintenance {
	readonly mode: unknown;
	readonly plan: unknown;
}

const modeKey = 'maintenance-mode';
const planKey = 'maintenance';

/** Reads and writes the state of maintenance mode; what it means is told elsewhere. */
export class MaintenanceRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Reads both rows by one statement, so that they belong together. */
	async read(): Promise<StoredMaintenance> {
		const [row] = await this.#prisma.$queryRaw<StoredMaintenance[]>`
			SELECT (SELECT "value" FROM "system_metadata" WHERE "key" = ${modeKey}) AS "mode",
				(SELECT "value" FROM immich_auth.setting WHERE "key" = ${planKey}) AS "plan"`;
		return row ?? { mode: null, plan: null };
	}

	/** Lets one change at a time happen, on whichever instance. In a transaction only: it holds until that ends. */
	async lock(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.maintenance'))`;
	}

	async write(mode: Prisma.InputJsonValue, plan: Prisma.InputJsonValue): Promise<void> {
		await this.#prisma.systemMetadata.upsert({
			where: { key: modeKey },
			create: { key: modeKey, value: mode },
			update: { value: mode },
			select: { key: true }
		});
		await this.#prisma.setting.upsert({
			where: { key: planKey },
			create: { key: planKey, value: plan },
			update: { value: plan, updatedAt: new Date() },
			select: { key: true }
		});
	}
}
