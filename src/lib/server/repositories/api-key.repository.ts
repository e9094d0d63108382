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
