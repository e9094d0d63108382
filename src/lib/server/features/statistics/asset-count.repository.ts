import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

export interface AssetFilter {
	readonly isFavorite?: boolean | undefined;
	/** Counts assets in the trash instead of the others. */
	readonly isTrashed?: boolean | undefined;
	readonly visibility?: 'archive' | 'timeline' | 'hidden' | 'locked' | undefined;
}

export interface AssetCounts {
	readonly images: number;
	readonly videos: number;
	readonly total: number;
}

/** How many there are on one day, written `2026-07-21`; days without any are left out. */
export interface DayCount {
	readonly date: string;
	readonly count: number;
}

export interface DayRange {
	readonly from: string;
	/** The last day, inclusive. */
	readonly to: string;
}

/** The column to count by, in UTC days. The time taken is stored as the local time where it was taken. */
const moments = { Upload: Prisma.sql`"createdAt"`, Taken: Prisma.sql`"localDateTime"` };

/** What a user sees by default: neither hidden parts of other assets nor the locked folder. */
const isShown = Prisma.sql`"visibility" IN ('timeline', 'archive')`;

/** Counts rows of `asset`. */
export class AssetCountRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Counts a user’s photos and videos; without a visibility, those in the timeline and the archive. */
	async count(ownerId: string, { isFavorite, isTrashed = false, visibility }: AssetFilter): Promise<AssetCounts> {
		const conditions = [
			Prisma.sql`"ownerId" = ${ownerId}::uuid`,
			visibility ? Prisma.sql`"visibility" = ${visibility}::asset_visibility_enum` : isShown,
			// Assets about to be deleted permanently are no longer in the trash.
			isTrashed ? Prisma.sql`"deletedAt" IS NOT NULL AND "status" <> 'deleted'` : Prisma.sql`"deletedAt" IS NULL`,
			...(isFavorite === undefined ? [] : [Prisma.sql`"isFavorite" = ${isFavorite}`])
		];
		const [counts] = await this.#prisma.$queryRaw<AssetCounts[]>`
			SELECT count(*) FILTER (WHERE "type" = 'IMAGE')::int AS images,
				count(*) FILTER (WHERE "type" = 'VIDEO')::int AS videos, count(*)::int AS total
			FROM "asset" WHERE ${Prisma.join(conditions, ' AND ')}`;
		return counts ?? { images: 0, videos: 0, total: 0 };
	}

	/** Counts by day in UTC, oldest first. */
	countByDay(ownerId: string, { from, to }: DayRange, type: keyof typeof moments): Promise<DayCount[]> {
		const moment = moments[type];
		return this.#prisma.$queryRaw<DayCount[]>`
			SELECT to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS date, count(*)::int AS count
			FROM "asset"
			WHERE "ownerId" = ${ownerId}::uuid AND "deletedAt" IS NULL AND ${isShown}
				AND ${moment} >= ${from}::timestamp AT TIME ZONE 'UTC'
				AND ${moment} < (${to}::timestamp + interval '1 day') AT TIME ZONE 'UTC'
			GROUP BY date ORDER BY date`;
	}
}
