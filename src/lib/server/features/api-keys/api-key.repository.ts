import type { Pool } from 'pg';
import type { PrismaClient } from '#lib/server/platform/database/database.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Everything needed to authenticate a request by an API key, in one row. */
export interface ApiKeyIdentity {
	readonly keyId: string;
	readonly permissions: readonly string[];
	readonly expiresAt: Date | null;
	readonly userId: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
}

/** What we store about a key beyond Immich's row; all null for a key created by Immich and not used here yet. */
export interface ApiKeyState {
	readonly prefix: string | null;
	readonly lastFour: string | null;
	readonly expiresAt: Date | null;
	readonly lastUsedAt: Date | null;
	readonly lastUsedFrom: string | null;
	readonly lastUsedBy: string | null;
}

/** A key without its secret. */
export interface ApiKeyRow extends ApiKeyState {
	readonly id: string;
	readonly name: string;
	readonly permissions: readonly string[];
	readonly createdAt: Date;
	readonly updatedAt: Date;
}

/** A secret as it is stored: its hash, and the characters its owner recognizes it by. */
export interface StoredSecret {
	readonly keyHash: Uint8Array<ArrayBuffer>;
	readonly prefix: string;
	readonly lastFour: string;
}

export interface NewApiKey {
	readonly userId: string;
	readonly name: string;
	readonly permissions: readonly string[];
	readonly secret: StoredSecret;
	readonly expiresAt: Date | null;
	/** The key that creates it; null if a session does. */
	readonly parentId: string | null;
}

export type ApiKeyChanges = Partial<Omit<NewApiKey, 'userId' | 'parentId'>>;

const unknownState: ApiKeyState = {
	prefix: null,
	lastFour: null,
	expiresAt: null,
	lastUsedAt: null,
	lastUsedFrom: null,
	lastUsedBy: null
};

const columns = {
	id: true,
	name: true,
	permissions: true,
	createdAt: true,
	updatedAt: true,
	state: {
		select: {
			prefix: true,
			lastFour: true,
			expiresAt: true,
			lastUsedAt: true,
			lastUsedFrom: true,
			lastUsedBy: true
		}
	}
} as const;
type Selected = Prisma.ApiKeyGetPayload<{ select: typeof columns }>;

/** The keys created by a key, directly or indirectly. */
const below = (id: string): Prisma.Sql => Prisma.sql`WITH RECURSIVE below AS (
	SELECT "keyId" FROM immich_auth.api_key_parent WHERE "parentId" = ${id}::uuid
	UNION SELECT child."keyId" FROM immich_auth.api_key_parent AS child JOIN below ON child."parentId" = below."keyId"
)`;

const newestFirst = [{ createdAt: 'desc' }, { id: 'desc' }] as const;

// An expired key is treated like an unknown one.
const identityText = `
		SELECT api_key."id" AS "keyId", api_key."permissions", state."expiresAt", account."id" AS "userId",
			account."email", account."name", account."isAdmin", account."avatarColor", account."profileImagePath",
			account."profileChangedAt"
		FROM "api_key"
		JOIN "user" AS account ON account."id" = api_key."userId"
		LEFT JOIN immich_auth.api_key_state AS state ON state."keyId" = api_key."id"
		WHERE account."deletedAt" IS NULL AND (state."expiresAt" IS NULL OR state."expiresAt" > clock_timestamp())`;
const identityQuery = { name: 'api-key-identity', text: `${identityText} AND api_key."key" = $1` };
const identitiesQuery = { name: 'api-key-identities', text: `${identityText} AND api_key."id" = ANY($1::uuid[])` };

/** Reads and writes rows of `api_key`, and our additions in `immich_auth.api_key_state`. */
export class ApiKeyRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #pool: Pool;

	constructor({ prisma, pool }: Pick<Connection, 'prisma' | 'pool'>) {
		this.#prisma = prisma;
		this.#pool = pool;
	}

	/** Returns the owner and permissions of a key; null for an unknown or expired one. */
	async findIdentity(keyHash: Uint8Array): Promise<ApiKeyIdentity | null> {
		const { rows } = await this.#pool.query<ApiKeyIdentity>({ ...identityQuery, values: [keyHash] });
		return rows[0] ?? null;
	}

	/** The same for several keys by ID. */
	async listIdentities(ids: readonly string[]): Promise<ApiKeyIdentity[]> {
		return (await this.#pool.query<ApiKeyIdentity>({ ...identitiesQuery, values: [ids] })).rows;
	}

	async create({ userId, name, permissions, secret, expiresAt, parentId }: NewApiKey): Promise<ApiKeyRow> {
		const { keyHash, prefix, lastFour } = secret;
		const row = await this.#prisma.apiKey.create({
			data: {
				userId,
				name,
				key: keyHash,
				permissions: [...permissions],
				state: { create: { prefix, lastFour, expiresAt } },
				...(parentId === null ? {} : { parent: { create: { parentId } } })
			},
			select: columns
		});
		return toRow(row);
	}

	/** Finds a key of this user. */
	async find(userId: string, id: string): Promise<ApiKeyRow | null> {
		const row = await this.#prisma.apiKey.findUnique({
			where: { id, userId },
			relationLoadStrategy: 'join',
			select: columns
		});
		return row && toRow(row);
	}

	/** Lists a user's keys, newest first. */
	async listByUser(userId: string): Promise<ApiKeyRow[]> {
		const rows = await this.#prisma.apiKey.findMany({
			where: { userId },
			orderBy: [...newestFirst],
			relationLoadStrategy: 'join',
			select: columns
		});
		return rows.map(toRow);
	}

	/** Lists up to `count` of a user's keys, newest first, starting after the key `afterId`. */
	async listPage(userId: string, count: number, afterId?: string): Promise<ApiKeyRow[]> {
		const rows = await this.#prisma.apiKey.findMany({
			where: { userId },
			orderBy: [...newestFirst],
			take: count,
			...(afterId === undefined ? {} : { cursor: { id: afterId }, skip: 1 }),
			relationLoadStrategy: 'join',
			select: columns
		});
		return rows.map(toRow);
	}

	/** Updates a key of this user; null if not found. Run it in a transaction when it changes the secret or the expiry. */
	async update(
		userId: string,
		id: string,
		{ secret, permissions, name, expiresAt }: ApiKeyChanges
	): Promise<ApiKeyRow | null> {
		const changes = {
			...(name === undefined ? {} : { name }),
			...(secret === undefined ? {} : { key: secret.keyHash }),
			...(permissions === undefined ? {} : { permissions: [...permissions] })
		};
		if (Object.keys(changes).length > 0) await this.#prisma.apiKey.updateMany({ where: { id, userId }, data: changes });
		if (secret) await this.#writeState(userId, id, { prefix: secret.prefix, lastFour: secret.lastFour });
		if (expiresAt !== undefined) await this.#writeState(userId, id, { expiresAt });
		return this.find(userId, id);
	}

	/** Deletes a key of this user; false if not found. */
	async delete(userId: string, id: string): Promise<boolean> {
		return (await this.#prisma.apiKey.deleteMany({ where: { id, userId } })).count > 0;
	}

	/** Whether the key still has this secret and wasn’t rotated. */
	async hasSecret(id: string, keyHash: Uint8Array): Promise<boolean> {
		const where = { id, key: Uint8Array.from(keyHash) };
		return (await this.#prisma.apiKey.findUnique({ where, select: { id: true } })) !== null;
	}

	countByUser(userId: string): Promise<number> {
		return this.#prisma.apiKey.count({ where: { userId } });
	}

	/** Deletes all keys of a user; returns how many there were. */
	async deleteByUser(userId: string): Promise<number> {
		const { count } = await this.#prisma.apiKey.deleteMany({ where: { userId } });
		return count;
	}

	/** Returns the expiry of the key that created this one; null if a session did. */
	async findParent(id: string): Promise<{ readonly expiresAt: Date | null } | null> {
		const select = { parent: { select: { state: { select: { expiresAt: true } } } } } as const;
		const row = await this.#prisma.apiKeyParent.findUnique({ where: { keyId: id }, select });
		return row && { expiresAt: row.parent.state?.expiresAt ?? null };
	}

	/** Deletes the keys created by this one, directly or indirectly. */
	async deleteChildren(id: string): Promise<number> {
		return this.#prisma.$executeRaw`DELETE FROM "api_key" WHERE "id" IN (${below(id)} SELECT "keyId" FROM below)`;
	}

	/** Counts the keys created by this one, directly or through others. */
	countChildren(id: string): Promise<number> {
		return this.#prisma.$queryRaw<{ count: number }[]>`${below(id)} SELECT count(*)::int AS "count" FROM below`.then(
			([row]) => row?.count ?? 0
		);
	}

	/** Removes from the keys created by this one whatever it no longer has itself. Deletes those left without permissions. */
	async narrowChildren(id: string, { permissions, expiresAt }: ApiKeyChanges): Promise<void> {
		if (expiresAt)
			await this.#prisma.$executeRaw`
				UPDATE immich_auth.api_key_state SET "expiresAt" = ${expiresAt}
				WHERE "keyId" IN (${below(id)} SELECT "keyId" FROM below)
					AND ("expiresAt" IS NULL OR "expiresAt" > ${expiresAt})`;
		if (permissions === undefined || permissions.includes('all')) return;
		const kept = [...permissions];
		await this.#prisma.$executeRaw`
			UPDATE "api_key" SET "permissions" = CASE WHEN 'all' = ANY("permissions") THEN ${kept}::varchar[]
				ELSE ARRAY(SELECT held FROM unnest("permissions") AS held WHERE held = ANY(${kept}::varchar[])) END
			WHERE "id" IN (${below(id)} SELECT "keyId" FROM below) AND NOT "permissions" <@ ${kept}::varchar[]`;
		await this.#prisma.$executeRaw`
			DELETE FROM "api_key" WHERE "id" IN (${below(id)} SELECT "keyId" FROM below) AND cardinality("permissions") = 0`;
	}

	/** Writes a part of a key's state, unless the key is gone or another user's. */
	async #writeState(
		userId: string,
		id: string,
		part: { prefix: string; lastFour: string } | { expiresAt: Date | null }
	): Promise<void> {
		// Locks the key until the transaction ends: inserting a reference to a deleted key would fail.
		const [held] = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT "id" FROM "api_key" WHERE "id" = ${id}::uuid AND "userId" = ${userId}::uuid FOR NO KEY UPDATE`;
		if (!held) return;
		await this.#prisma.apiKeyState.upsert({
			where: { keyId: id },
			create: { keyId: id, ...part },
			update: part,
			select: { keyId: true }
		});
	}
}

const toRow = ({ state, ...row }: Selected): ApiKeyRow => ({ ...row, ...(state ?? unknownState) });
