import type { Pool } from 'pg';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** How often and when last a key used a permission. */
export interface PermissionUse {
	readonly permission: string;
	readonly count: number;
	readonly lastUsedAt: Date;
}

/** A key's usage since the last write. */
export interface KeyUse {
	readonly keyId: string;
	readonly lastUsedAt: Date;
	readonly lastUsedFrom: string;
	readonly lastUsedBy: string | null;
	readonly permissions: readonly PermissionUse[];
}

/** How many days of permission usage are kept, including today. */
export const keptUsageDays = 30;

// A single statement. Keys are locked while their rows are written, which skips keys deleted meanwhile, and rows are locked
// in one order, so that two instances can't deadlock.
const addStatement = `
	WITH held AS MATERIALIZED (
		SELECT "id" FROM "api_key" WHERE "id" = ANY($1::uuid[]) ORDER BY "id" FOR KEY SHARE
	), seen AS (
		INSERT INTO immich_auth.api_key_state AS known ("keyId", "lastUsedAt", "lastUsedFrom", "lastUsedBy")
		SELECT held."id", used."at", used."from", used."by"
		FROM unnest($1::uuid[], $2::timestamptz[], $3::varchar[], $4::varchar[]) AS used ("id", "at", "from", "by")
		JOIN held USING ("id") ORDER BY held."id"
		ON CONFLICT ("keyId") DO UPDATE SET "lastUsedAt" = excluded."lastUsedAt",
			"lastUsedFrom" = excluded."lastUsedFrom", "lastUsedBy" = excluded."lastUsedBy"
		WHERE known."lastUsedAt" IS NULL OR known."lastUsedAt" < excluded."lastUsedAt"
	), forgotten AS (
		DELETE FROM immich_auth.api_key_usage
		WHERE "keyId" IN (SELECT "id" FROM held) AND "day" <= (now() AT TIME ZONE 'UTC')::date - ${keptUsageDays}
	)
	INSERT INTO immich_auth.api_key_usage AS known ("keyId", "day", "permission", "count", "lastUsedAt")
	SELECT held."id", (used."at" AT TIME ZONE 'UTC')::date, used."permission", used."count", used."at"
	FROM unnest($5::uuid[], $6::varchar[], $7::int[], $8::timestamptz[]) AS used ("id", "permission", "count", "at")
	JOIN held USING ("id") ORDER BY held."id", used."permission"
	ON CONFLICT ("keyId", "day", "permission") DO UPDATE SET "count" = known."count" + excluded."count",
		"lastUsedAt" = greatest(known."lastUsedAt", excluded."lastUsedAt")`;

const listQuery = `
	SELECT "permission", sum("count")::int AS "count", max("lastUsedAt") AS "lastUsedAt"
	FROM immich_auth.api_key_usage
	WHERE "keyId" = $1 AND "day" > (now() AT TIME ZONE 'UTC')::date - ${keptUsageDays}
	GROUP BY "permission" ORDER BY "count" DESC, "permission"`;

/** Reads and writes the permission usage of API keys. */
export class ApiKeyUsageRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Adds to the stored counts, safely across instances; skips keys that no longer exist. */
	async add(uses: readonly KeyUse[]): Promise<void> {
		const counts = uses.flatMap(({ keyId, permissions }) => permissions.map((use) => ({ keyId, ...use })));
		await this.#pool.query(addStatement, [
			uses.map(({ keyId }) => keyId),
			uses.map(({ lastUsedAt }) => lastUsedAt),
			uses.map(({ lastUsedFrom }) => lastUsedFrom),
			uses.map(({ lastUsedBy }) => lastUsedBy),
			counts.map(({ keyId }) => keyId),
			counts.map(({ permission }) => permission),
			counts.map(({ count }) => count),
			counts.map(({ lastUsedAt }) => lastUsedAt)
		]);
	}

	/** Lists the permissions a key has used in the days kept, most used first. */
	async list(keyId: string): Promise<PermissionUse[]> {
		return (await this.#pool.query<PermissionUse>(listQuery, [keyId])).rows;
	}

	/** Deletes a chunk of the usage older than the days kept. */
	async removeOutdated(): Promise<number> {
		const { rowCount } = await this.#pool.query(
			`DELETE FROM immich_auth.api_key_usage WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.api_key_usage
				WHERE "day" <= (now() AT TIME ZONE 'UTC')::date - ${keptUsageDays} LIMIT ${chunkSize}
			))`
		);
		return rowCount ?? 0;
	}
}
