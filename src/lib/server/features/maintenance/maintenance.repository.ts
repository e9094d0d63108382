import { isObject, type JsonObject } from '#lib/contract/settings/document/sparse-document.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { isSealed, type Vault } from '#lib/server/platform/secrets/vault.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Immich's `maintenance-mode` row and our own beside it, as stored. */
export interface StoredMaintenance {
	readonly mode: unknown;
	readonly plan: unknown;
}

const modeKey = 'maintenance-mode';
const planKey = 'maintenance';

/** The same for both rows, which contain the same secret. */
const context = 'maintenance secret';

/** Reads and writes the maintenance state without interpreting it. Its secret is stored encrypted. */
export class MaintenanceRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #vault: Vault;

	constructor({ prisma, vault }: Pick<Connection, 'prisma' | 'vault'>) {
		this.#prisma = prisma;
		this.#vault = vault;
	}

	/** Reads both rows in one statement, so that they are consistent. */
	async read(): Promise<StoredMaintenance> {
		const { mode, plan } = await this.#readStored();
		const open = (text: string) => this.#vault.open(context, text) ?? '';
		return { mode: withSecret(mode, open), plan: withSecret(plan, open) };
	}

	/** Encrypts a secret stored in plain text. In a transaction only. */
	async protect(): Promise<void> {
		await this.lock();
		const { mode, plan } = await this.#readStored();
		const isWrong = (value: unknown) =>
			isObject(value) && typeof value['secret'] === 'string' && !isSealed(value['secret']);
		// A running Immich's own row stays as it is.
		const isModeOurs = !this.#vault.isShared;
		if (!(isModeOurs && isWrong(mode)) && !isWrong(plan)) return;
		const opened = await this.read();
		if (isModeOurs && isObject(opened.mode)) await this.#writeMode(opened.mode as JsonObject);
		if (isObject(opened.plan)) await this.#writePlan(opened.plan as JsonObject);
	}

	/**
	 * Beside a running Immich, what it has started counts, and otherwise our own row: it would come up in our maintenance if it
	 * restarted.
	 */
	async #readStored(): Promise<StoredMaintenance> {
		if (this.#vault.isShared) return this.#readBeside();
		const [row] = await this.#prisma.$queryRaw<StoredMaintenance[]>`
			SELECT (SELECT "value" FROM "system_metadata" WHERE "key" = ${modeKey}) AS "mode",
				(SELECT "value" FROM immich_auth.setting WHERE "key" = ${planKey}) AS "plan"`;
		return row ?? { mode: null, plan: null };
	}

	async #readBeside(): Promise<StoredMaintenance> {
		const [row] = await this.#prisma.$queryRaw<StoredMaintenance[]>`
			SELECT coalesce(
					(SELECT "value" FROM "system_metadata" WHERE "key" = ${modeKey} AND "value" ->> 'isMaintenanceMode' = 'true'),
					(SELECT "value" FROM immich_auth.setting WHERE "key" = ${modeKey})
				) AS "mode",
				(SELECT "value" FROM immich_auth.setting WHERE "key" = ${planKey}) AS "plan"`;
		return row ?? { mode: null, plan: null };
	}

	/** Serializes changes across instances. In a transaction only: held until it ends. */
	async lock(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.maintenance'))`;
	}

	/** Replaces the mode and the plan. */
	async write(mode: JsonObject, plan: JsonObject): Promise<void> {
		await this.#writeMode(mode);
		await this.#writePlan(plan);
	}

	async #writeMode(mode: JsonObject): Promise<void> {
		const value = withSecret(mode, (text) => this.#vault.seal(context, text)) as Prisma.InputJsonObject;
		if (this.#vault.isShared) return this.#writeOwn(modeKey, value);
		await this.#prisma.systemMetadata.upsert({
			where: { key: modeKey },
			create: { key: modeKey, value },
			update: { value },
			select: { key: true }
		});
	}

	async #writePlan(plan: JsonObject): Promise<void> {
		const value = withSecret(plan, (text) => this.#vault.seal(context, text)) as Prisma.InputJsonObject;
		await this.#writeOwn(planKey, value);
	}

	async #writeOwn(key: string, value: Prisma.InputJsonObject): Promise<void> {
		await this.#prisma.setting.upsert({
			where: { key },
			create: { key, value },
			update: { value, updatedAt: new Date() },
			select: { key: true }
		});
	}
}

function withSecret(value: unknown, change: (text: string) => string): unknown {
	if (!isObject(value) || typeof value['secret'] !== 'string') return value;
	return { ...value, secret: change(value['secret']) };
}
