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

	/** Encrypts a secret stored in plain text, or decrypts one that Immich must be able to read. In a transaction only. */
	async protect(): Promise<void> {
		await this.lock();
		const { mode, plan } = await this.#readStored();
		const isWrong = (value: unknown, isPlain: boolean) =>
			isObject(value) && typeof value['secret'] === 'string' && isSealed(value['secret']) === isPlain;
		if (!isWrong(mode, this.#vault.isShared) && !isWrong(plan, false)) return;
		const opened = await this.read();
		if (isObject(opened.mode)) await this.#writeMode(opened.mode as JsonObject);
		if (isObject(opened.plan)) await this.#writePlan(opened.plan as JsonObject);
	}

	async #readStored(): Promise<StoredMaintenance> {
		const [row] = await this.#prisma.$queryRaw<StoredMaintenance[]>`
			SELECT (SELECT "value" FROM "system_metadata" WHERE "key" = ${modeKey}) AS "mode",
				(SELECT "value" FROM immich_auth.setting WHERE "key" = ${planKey}) AS "plan"`;
		return row ?? { mode: null, plan: null };
	}

	/** Serializes changes across instances. In a transaction only: held until it ends. */
	async lock(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.maintenance'))`;
	}

	/** Replaces the mode, which is Immich’s, and the plan, which is ours. */
	async write(mode: JsonObject, plan: JsonObject): Promise<void> {
		await this.#writeMode(mode);
		await this.#writePlan(plan);
	}

	async #writeMode(mode: JsonObject): Promise<void> {
		const value = withSecret(mode, (text) => this.#vault.sealInMirror(context, text)) as Prisma.InputJsonObject;
		await this.#prisma.systemMetadata.upsert({
			where: { key: modeKey },
			create: { key: modeKey, value },
			update: { value },
			select: { key: true }
		});
	}

	async #writePlan(plan: JsonObject): Promise<void> {
		const value = withSecret(plan, (text) => this.#vault.seal(context, text)) as Prisma.InputJsonObject;
		await this.#prisma.setting.upsert({
			where: { key: planKey },
			create: { key: planKey, value },
			update: { value, updatedAt: new Date() },
			select: { key: true }
		});
	}
}

function withSecret(value: unknown, change: (text: string) => string): unknown {
	if (!isObject(value) || typeof value['secret'] !== 'string') return value;
	return { ...value, secret: change(value['secret']) };
}
