import type { Prisma, PrismaClient } from '../database/database.ts';

/** Both documents as they are stored: what differs from the defaults. */
export interface StoredSettings {
	readonly system: unknown;
	readonly immichAuth: unknown;
}

const systemKey = 'system-config';
const immichAuthKey = 'immich-auth';

/** Reads and writes the settings; what they mean is told elsewhere. */
export class SettingsRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Reads both documents by one statement. */
	async read(): Promise<StoredSettings> {
		const [row] = await this.#prisma.$queryRaw<StoredSettings[]>`
			SELECT (SELECT "value" FROM "system_metadata" WHERE "key" = ${systemKey}) AS "system",
				(SELECT "value" FROM immich_auth.setting WHERE "key" = ${immichAuthKey}) AS "immichAuth"`;
		return row ?? { system: null, immichAuth: null };
	}

	/** Lets one change at a time happen, on whichever instance. In a transaction only: it holds until that ends. */
	async lock(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.settings'))`;
	}

	async write(document: keyof StoredSettings, value: Prisma.InputJsonValue): Promise<void> {
		if (document === 'system')
			await this.#prisma.systemMetadata.upsert({
				where: { key: systemKey },
				create: { key: systemKey, value },
				update: { value },
				select: { key: true }
			});
		else
			await this.#prisma.setting.upsert({
				where: { key: immichAuthKey },
				create: { key: immichAuthKey, value },
				update: { value, updatedAt: new Date() },
				select: { key: true }
			});
	}
}
