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
	 * Recalculates the usage of one page of users, by ID; only wrong values are written. The users are locked before their files
	 * are summed up, as an upload locks its user, so that none is missed. Returns the last ID to continue from; null at the end.
	 */
	async sync(afterId: string | null): Promise<{ lastId: string; changed: number } | null> {
		const client = await this.#pool.connect();
		try {
			await client.query('BEGIN');
			const { rows: page } = await client.query<{ id: string }>(
				`SELECT "id" FROM "user" WHERE ($1::uuid IS NULL OR "id" > $1) ORDER BY "id" LIMIT ${chunkSize} FOR UPDATE`,
				[afterId]
			);
			const { rowCount } = await client.query(
				`UPDATE "user" AS account SET "quotaUsageInBytes" = used."bytes"
				FROM (
					SELECT wanted."id", coalesce(sum(exif."fileSizeInByte"), 0)::bigint AS "bytes"
					FROM unnest($1::uuid[]) AS wanted ("id")
					LEFT JOIN "asset" ON "asset"."ownerId" = wanted."id" AND "asset"."libraryId" IS NULL
					LEFT JOIN "asset_exif" AS exif ON exif."assetId" = "asset"."id"
					GROUP BY wanted."id"
				) AS used
				WHERE account."id" = used."id" AND account."quotaUsageInBytes" <> used."bytes"`,
				[page.map(({ id }) => id)]
			);
			await client.query('COMMIT');
			const last = page.at(-1);
			return last ? { lastId: last.id, changed: rowCount ?? 0 } : null;
		} catch (error) {
			await client.query('ROLLBACK').catch(() => undefined);
			throw error;
		} finally {
			client.release();
		}
	}
}
