import type { Prisma, PrismaClient } from '../database/database.ts';

/** How often something was tried. */
export interface TryCount {
	/** The limit’s name, a colon, and what is counted. */
	readonly key: string;
	readonly count: number;
	readonly endsAt: Date;
}

/** Reads `immich_auth.rate_limit`, where auth/attempts.ts counts. */
export class RateLimitRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Finds what is being counted under these keys. */
	async find(keys: readonly string[]): Promise<TryCount[]> {
		const rows = await this.#prisma.$queryRaw<{ key: string; points: number; expire: bigint }[]>`
			SELECT "key", "points", "expire" FROM immich_auth.rate_limit
			WHERE "key" = ANY(${keys}) AND "expire" > ${Date.now()}`;
		return rows.map(toCount);
	}

	/** Lists what is counted under keys that begin so, the highest first. The beginning holds no `%`, `_` or `\`. */
	async listByPrefix(prefix: string, limit: number): Promise<TryCount[]> {
		const rows = await this.#prisma.$queryRaw<{ key: string; points: number; expire: bigint }[]>`
			SELECT "key", "points", "expire" FROM immich_auth.rate_limit
			WHERE "key" LIKE ${`${prefix}%`} AND "expire" > ${Date.now()}
			ORDER BY "points" DESC, "key" LIMIT ${limit}`;
		return rows.map(toCount);
	}

	/** Forgets what is counted under these keys, and under all that begin so. */
	async remove({ keys = [], prefix }: { keys?: readonly string[]; prefix?: string }): Promise<void> {
		await this.#prisma.rateLimit.deleteMany({
			where: { OR: [{ key: { in: [...keys] } }, ...(prefix === undefined ? [] : [{ key: { startsWith: prefix } }])] }
		});
	}
}

const toCount = ({ key, points, expire }: { key: string; points: number; expire: bigint }): TryCount => ({
	key,
	count: points,
	endsAt: new Date(Number(expire))
});
