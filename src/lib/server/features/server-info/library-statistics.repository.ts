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

/** File sizes are in a table that only Immich has; without it, only the usage counted during uploads is known. */
const sums = {
	known: {
		columns: `${buildSizeSum('')} AS "usage", ${buildSizeSum(`AND asset."type" = 'IMAGE'`)} AS "usagePhotos",
			${buildSizeSum(`AND asset."type" = 'VIDEO'`)} AS "usageVideos"`,
		join: `LEFT JOIN "asset_exif" AS exif ON exif."assetId" = asset."id"`,
		usageOfUser: 'coalesce(counted."usage", 0)',
		total: '"usage"'
	},
	unknown: {
		columns: '0::float8 AS "usage", 0::float8 AS "usagePhotos", 0::float8 AS "usageVideos"',
		join: '',
		usageOfUser: 'account."quotaUsageInBytes"::float8',
		total: '(SELECT coalesce(sum("quotaUsageInBytes"), 0)::float8 FROM "user") AS "usage"'
	}
};
type Sums = (typeof sums)['known'];

const totalsQuery = ({ columns, join, total }: Sums) => `
	SELECT "photos", "videos", ${total}, "usagePhotos", "usageVideos"
	FROM (SELECT ${counts}, ${columns} FROM "asset" AS asset ${join} WHERE asset."deletedAt" IS NULL) AS counted`;

const usersQuery = ({ columns, join, usageOfUser }: Sums) => `
	WITH chosen AS (
		SELECT "id", "name", "createdAt", "quotaSizeInBytes", "quotaUsageInBytes" FROM "user"
		WHERE $1::uuid IS NULL OR ("createdAt", "id") > (SELECT "createdAt", "id" FROM "user" WHERE "id" = $1)
		ORDER BY "createdAt", "id" LIMIT $2
	), counted AS (
		SELECT asset."ownerId", ${counts}, ${columns} FROM "asset" AS asset ${join}
		WHERE asset."deletedAt" IS NULL AND asset."ownerId" IN (SELECT "id" FROM chosen) GROUP BY asset."ownerId"
	)
	SELECT account."id" AS "userId", account."name" AS "userName", account."quotaSizeInBytes"::float8,
		coalesce("photos", 0) AS "photos", coalesce("videos", 0) AS "videos", ${usageOfUser} AS "usage",
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
		const { rows } = await this.#pool.query<LibraryTotals>(totalsQuery(await this.#sums()));
		return rows[0] ?? nothing;
	}

	/** Lists the usage of each user, including deleted ones, oldest first, starting after `afterId`. */
	async listUsers(afterId: string | null, limit: number): Promise<UsageRow[]> {
		return (await this.#pool.query<UsageRow>(usersQuery(await this.#sums()), [afterId, limit])).rows;
	}

	async #sums(): Promise<Sums> {
		const { rows } = await this.#pool.query<{ isKnown: boolean }>(
			`SELECT to_regclass('public.asset_exif') IS NOT NULL AS "isKnown"`
		);
		return rows[0]?.isKnown ? sums.known : sums.unknown;
	}
}
