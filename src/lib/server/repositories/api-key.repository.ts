import type { Pool } from 'pg';
import type { PrismaClient } from '../database/database.ts';

/** Everything a request by an API key needs to know, in one row. */
export interface ApiKeyIdentity {
	readonly keyId: string;
	readonly permissions: readonly string[];
	readonly userId: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
}

/** A key without its secret. */
export interface ApiKeyRow {
	readonly id: string;
	readonly name: string;
	readonly permissions: readonly string[];
	readonly createdAt: Date;
	readonly updatedAt: Date;
}

export interface NewApiKey {
	readonly userId: string;
	readonly name: string;
	readonly keyHash: Uint8Array<ArrayBuffer>;
	readonly permissions: readonly string[];
}

export type ApiKeyChanges = Partial<Omit<NewApiKey, 'userId'>>;

const columns = { id: true, name: true, permissions: true, createdAt: true, updatedAt: true } as const;

const identityQuery = {
	name: 'api-key-identity',
	text: `
		SELECT api_key."id" AS "keyId", api_key."permissions", account."id" AS "userId", account."email",
			account."name", account."isAdmin", account."avatarColor", account."profileImagePath",
			account."profileChangedAt"
		FROM "api_key"
		JOIN "user" AS account ON account."id" = api_key."userId"
		WHERE api_key."key" = $1 AND account."deletedAt" IS NULL`
};

/** Reads and writes rows of `api_key`. */
export class ApiKeyRepository {
	readonly #prisma: Pick<PrismaClient, 'apiKey'>;
	readonly #pool: Pool;

	constructor(prisma: Pick<PrismaClient, 'apiKey'>, pool: Pool) {
		this.#prisma = prisma;
		this.#pool = pool;
	}

	async findIdentity(keyHash: Uint8Array): Promise<ApiKeyIdentity | null> {
		const { rows } = await this.#pool.query<ApiKeyIdentity>({ ...identityQuery, values: [keyHash] });
		return rows[0] ?? null;
	}

	async create(key: NewApiKey): Promise<ApiKeyRow> {
		const { keyHash, permissions, ...data } = key;
		return this.#prisma.apiKey.create({
			data: { ...data, key: keyHash, permissions: [...permissions] },
			select: columns
		});
	}

	/** Finds a key of this person. */
	find(userId: string, id: string): Promise<ApiKeyRow | null> {
		return this.#prisma.apiKey.findUnique({ where: { id, userId }, select: columns });
	}

	/** Lists a person's keys, newest first. */
	listByUser(userId: string): Promise<ApiKeyRow[]> {
		return this.#prisma.apiKey.findMany({
			where: { userId },
			orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
			select: columns
		});
	}

	/** Changes a key of this person; null where there is none. */
	async update(userId: string, id: string, { keyHash, permissions, name }: ApiKeyChanges): Promise<ApiKeyRow | null> {
		const [row] = await this.#prisma.apiKey.updateManyAndReturn({
			where: { id, userId },
			data: {
				...(name === undefined ? {} : { name }),
				...(keyHash === undefined ? {} : { key: keyHash }),
				...(permissions === undefined ? {} : { permissions: [...permissions] })
			},
			select: columns
		});
		return row ?? null;
	}

	/** Deletes a key of this person; false where there is none. */
	async delete(userId: string, id: string): Promise<boolean> {
		return (await this.#prisma.apiKey.deleteMany({ where: { id, userId } })).count > 0;
	}

	async exists(id: string): Promise<boolean> {
		return (await this.#prisma.apiKey.findUnique({ where: { id }, select: { id: true } })) !== null;
	}

	countByUser(userId: string): Promise<number> {
		return this.#prisma.apiKey.count({ where: { userId } });
	}

	async deleteByUser(userId: string): Promise<number> {
		const { count } = await this.#prisma.apiKey.deleteMany({ where: { userId } });
		return count;
	}
}
