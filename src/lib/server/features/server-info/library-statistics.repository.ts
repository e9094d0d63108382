import type { Pool } from 'pg';
import type { Connection } from '#lib/server/platform/database/store.ts';

export interface LibraryTotals {
	readonly photos: number;
	readonly videos: number;
	readonly usage: number;
	readonly usagePhotos: number;
	readonly usageVideos: number;
}

export interface UsageRow extends LibraryTotals {
	readonly userId: string;
	readonly userName: string;
	readonly quotaSizeInBytes: number | null;
}

// Source: docs/wire-reference/server.md#statistics.
// Parts of other assets, such as the video of a live photo, are hidden and not counted.
const counts = `
	count(*) FILTER (WHERE asset."type" = 'IMAGE' AND asset."visibility" <> 'hidden')::int AS "photos",
	count(*) FILTER (WHERE asset."type" = 'VIDEO' AND asset."visibility" <> 'hidden')::int AS "videos"`;
const buildSizeSum = (condition: string) =>
	`coalesce(sum(exif."fileSizeInByte") FILTER (WHERE asset."libraryId" IS NULL ${condition}), 0)::float8`;
const sizes = `${buildSizeSum('')} AS "usage", ${buildSizeSum(`AND asset."type" = 'IMAGE'`)} AS "usagePhotos",
	${buildSizeSum(`AND asset."type" = 'VIDEO'`)} AS "usageVideos"`;
const assets = `"asset" AS asset LEFT JOIN "asset_exif" AS exif ON exif."assetId" = asset."id"`;

const totalsQuery = `SELECT ${counts}, ${sizes} FROM ${assets} WHERE asset."deletedAt" IS NULL`;

const usersQuery = `
	WITH chosen AS (
		SELECT "id", "name", "createdAt", "quotaSizeInBytes" FROM "user"
		WHERE $1::uuid IS NULL OR ("createdAt", "id") > (SELECT "createdAt", "id" FROM "user" WHERE "id" = $1)
		ORDER BY "createdAt", "id" LIMIT $2
	), counted AS (
		SELECT asset."ownerId", ${counts}, ${sizes} FROM ${assets}
		WHERE asset."deletedAt" IS NULL AND asset."ownerId" IN (SELECT "id" FROM chosen) GROUP BY asset."ownerId"
	)
	SELECT account."id" AS "userId", account."name" AS "userName", account."quotaSizeInBytes"::float8,
		coalesce("photos", 0) AS "photos", coalesce("videos", 0) AS "videos", coalesce("usage", 0) AS "usage",
		coalesce("usagePhotos", 0) AS "usagePhotos", coalesce("usageVideos", 0) AS "usageVideos"
	FROM chosen AS account LEFT JOIN counted ON counted."ownerId" = account."id"
	ORDER BY account."createdAt", account."id"`;

const nothing: LibraryTotals = { photos: 0, videos: 0, usage: 0, usagePhotos: 0, usageVideos: 0 };

/** Counts photos, videos and their sizes, in total and per user. */
export class LibraryStatisticsRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Counts the photos and videos of all users, and their size in bytes. */
	async totals(): Promise<LibraryTotals> {
		const { rows } = await this.#pool.query<LibraryTotals>(totalsQuery);
		return rows[0] ?? nothing;
	}

	/** Lists the usage of each user, including deleted ones, oldest first, starting after `afterId`. */
	async listUsers(afterId: string | null, limit: number): Promise<UsageRow[]> {
		return (await this.#pool.query<UsageRow>(usersQuery, [afterId, limit])).rows;
	}
}
