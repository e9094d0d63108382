import { isSecretSetting } from '#lib/contract/settings/document/secrets.ts';
import { toLeaves, withLeaves } from '#lib/contract/settings/document/leaves.ts';
import { isObject, type JsonObject } from '#lib/contract/settings/document/sparse-document.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import { isSealed, type Vault } from '#lib/server/platform/secrets/vault.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Both documents as stored: only what differs from the defaults. */
export interface StoredSettings {
	readonly system: unknown;
	readonly immichAuth: unknown;
}

const systemKey = 'system-config';
const immichAuthKey = 'immich-auth';
const documents = ['system', 'immichAuth'] as const;

/** Reads and writes the settings without interpreting them. Secrets are stored encrypted. */
export class SettingsRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #vault: Vault;

	constructor({ prisma, vault }: Pick<Connection, 'prisma' | 'vault'>) {
		this.#prisma = prisma;
		this.#vault = vault;
	}

	/** Reads both documents in one statement. */
	async read(): Promise<StoredSettings> {
		const { system, immichAuth } = await this.#readStored();
		return { system: this.#opened('system', system), immichAuth: this.#opened('immichAuth', immichAuth) };
	}

	/** Allows one change at a time across instances. Only in a transaction, which holds the lock until it ends. */
	async lock(): Promise<void> {
		await this.#prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('immich_auth.settings'))`;
	}

	/** Replaces a document, with its secrets encrypted. */
	async write(document: keyof StoredSettings, plain: JsonObject): Promise<void> {
		const value = mapSecrets(plain, (text, path) => this.#sealed(document, text, path)) as Prisma.InputJsonObject;
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

	/** Encrypts secrets stored as plaintext, or decrypts those that Immich must be able to read. Only in a transaction. */
	async protect(): Promise<void> {
		await this.lock();
		const stored = await this.#readStored();
		for (const document of documents) {
			const value = stored[document];
			const isPlain = document === 'system' && this.#vault.isShared;
			if (isObject(value) && listSecrets(value as JsonObject).some(([, text]) => isSealed(text) === isPlain))
				await this.write(document, this.#opened(document, value) as JsonObject);
		}
	}

	async #readStored(): Promise<StoredSettings> {
		const [row] = await this.#prisma.$queryRaw<StoredSettings[]>`
			SELECT (SELECT "value" FROM "system_metadata" WHERE "key" = ${systemKey}) AS "system",
				(SELECT "value" FROM immich_auth.setting WHERE "key" = ${immichAuthKey}) AS "immichAuth"`;
		return row ?? { system: null, immichAuth: null };
	}

	/** A secret that can't be decrypted counts as not set. */
	#opened(document: keyof StoredSettings, value: unknown): unknown {
		if (!isObject(value)) return value;
		return mapSecrets(value as JsonObject, (text, path) => this.#vault.open(toContext(document, path), text) ?? '');
	}

	#sealed(document: keyof StoredSettings, text: string, path: string): string {
		const context = toContext(document, path);
		return document === 'system' ? this.#vault.sealInMirror(context, text) : this.#vault.seal(context, text);
	}
}

const toContext = (document: keyof StoredSettings, path: string): string => `${document} ${path}`;

const listSecrets = (document: JsonObject): [path: string, text: string][] =>
	[...toLeaves(document)].flatMap(([path, value]) =>
		typeof value === 'string' && value !== '' && isSecretSetting(path) ? [[path, value]] : []
	);

const mapSecrets = (document: JsonObject, change: (text: string, path: string) => string): JsonObject =>
	withLeaves(document, new Map(listSecrets(document).map(([path, text]) => [path, change(text, path)])));
