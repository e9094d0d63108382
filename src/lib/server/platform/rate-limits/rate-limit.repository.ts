import type { Prisma, PrismaClient } from '../database/database.ts';

/** How often something was tried. */
export interface TryCount {
	/** The limit’s name, a colon, and what is counted. */
	readonly key: string;
	readonly count: number;
	readonly endsAt: Date;
}

/** Reads `immich_auth.rate_limit`, where platform/rate-limits/rate-limiter.ts counts. */
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

	/** Adds one to each of these, and tells what they are now. One whose time is up, or ends too late after the clock was set back, starts again. */
	async add(counted: readonly { key: string; periodSeconds: number }[]): Promise<TryCount[]> {
		const [keys, periods] = [counted.map(({ key }) => key), counted.map(({ periodSeconds }) => periodSeconds * 1_000)];
		// In the order of the keys, so that two at the same moment don't wait for each other.
		const rows = await this.#prisma.$queryRaw<{ key: string; points: number; expire: bigint }[]>`
			INSERT INTO immich_auth.rate_limit AS counted ("key", "points", "expire")
			SELECT "key", 1, ${Date.now()}::bigint + "period"
			FROM unnest(${keys}::varchar[], ${periods}::bigint[]) AS sent("key", "period")
			ORDER BY "key"
			ON CONFLICT ("key") DO UPDATE SET
				"points" = CASE WHEN counted."expire" > ${Date.now()}::bigint AND counted."expire" <= excluded."expire"
					THEN counted."points" + 1 ELSE 1 END,
				"expire" = CASE WHEN counted."expire" > ${Date.now()}::bigint AND counted."expire" <= excluded."expire"
					THEN counted."expire" ELSE excluded."expire" END
			RETURNING "key", "points", "expire"`;
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
