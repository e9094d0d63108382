import { chunkSize } from '../database/chunk.ts';
import type { Prisma, PrismaClient } from '../database/database.ts';
import type { Connection } from '../database/store.ts';

/** How often something was attempted. */
export interface TryCount {
	/** The limit's name, a colon, and what is counted. */
	readonly key: string;
	readonly count: number;
	readonly endsAt: Date;
}

/** Reads `immich_auth.rate_limit`, where platform/rate-limits/rate-limiter.ts counts. */
export class RateLimitRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Returns the current counts of these keys. */
	async find(keys: readonly string[]): Promise<TryCount[]> {
		const rows = await this.#prisma.$queryRaw<{ key: string; points: number; expire: bigint }[]>`
			SELECT "key", "points", "expire" FROM immich_auth.rate_limit
			WHERE "key" = ANY(${keys}) AND "expire" > ${Date.now()}`;
		return rows.map(toCount);
	}

	/**
	 * Increments each count and returns the new values. A count starts over if its period has ended, or ends too late because
	 * the clock was set back.
	 */
	async add(counted: readonly { key: string; periodSeconds: number }[]): Promise<TryCount[]> {
		const [keys, periods] = [counted.map(({ key }) => key), counted.map(({ periodSeconds }) => periodSeconds * 1_000)];
		// Sorted by key, so that concurrent calls don't deadlock.
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

	/** Lists counts by key prefix, highest first. The prefix must not contain `%`, `_` or `\`. */
	async listByPrefix(prefix: string, limit: number): Promise<TryCount[]> {
		const rows = await this.#prisma.$queryRaw<{ key: string; points: number; expire: bigint }[]>`
			SELECT "key", "points", "expire" FROM immich_auth.rate_limit
			WHERE "key" LIKE ${`${prefix}%`} AND "expire" > ${Date.now()}
			ORDER BY "points" DESC, "key" LIMIT ${limit}`;
		return rows.map(toCount);
	}

	/** Deletes the counts of these keys and of all keys with the prefix. */
	async remove({ keys = [], prefix }: { keys?: readonly string[]; prefix?: string }): Promise<void> {
		await this.#prisma.rateLimit.deleteMany({
			where: { OR: [{ key: { in: [...keys] } }, ...(prefix === undefined ? [] : [{ key: { startsWith: prefix } }])] }
		});
	}

	/** Deletes a chunk of the counts whose period has ended. */
	async removeExpired(): Promise<number> {
		return await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.rate_limit WHERE "key" IN (
				SELECT "key" FROM immich_auth.rate_limit WHERE "expire" < extract(epoch FROM now()) * 1000
				LIMIT ${chunkSize}
			)`;
	}
}

const toCount = ({ key, points, expire }: { key: string; points: number; expire: bigint }): TryCount => ({
	key,
	count: points,
	endsAt: new Date(Number(expire))
});
