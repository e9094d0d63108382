import type { Pool } from 'pg';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';

/** Recalculates how much storage users have used. */
export class QuotaUsageRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/**
	 * Recalculates the usage of one page of users, by ID; only wrong values are written. Returns the last ID to continue
	 * from; null at the end.
	 */
	async sync(afterId: string | null): Promise<{ lastId: string; changed: number } | null> {
		const { rows } = await this.#pool.query<{ lastId: string | null; changed: number }>(
			`WITH page AS (
				SELECT "id" FROM "user" WHERE ($1::uuid IS NULL OR "id" > $1) ORDER BY "id" LIMIT ${chunkSize}
			), used AS (
				SELECT page."id", coalesce(sum(exif."fileSizeInByte"), 0)::bigint AS "bytes"
				FROM page
				LEFT JOIN "asset" ON "asset"."ownerId" = page."id" AND "asset"."libraryId" IS NULL
				LEFT JOIN "asset_exif" AS exif ON exif."assetId" = "asset"."id"
				GROUP BY page."id"
			), changed AS (
				UPDATE "user" AS account SET "quotaUsageInBytes" = used."bytes"
				FROM used WHERE account."id" = used."id" AND account."quotaUsageInBytes" <> used."bytes"
				RETURNING 1
			)
			SELECT (SELECT "id" FROM page ORDER BY "id" DESC LIMIT 1) AS "lastId",
				(SELECT count(*) FROM changed)::int AS "changed"`,
			[afterId]
		);
		const [{ lastId, changed } = { lastId: null, changed: 0 }] = rows;
		return lastId === null ? null : { lastId, changed };
	}
}
