import type { Pool } from 'pg';

/** How often a key used a permission, and when last. */
export interface PermissionUse {
	readonly permission: string;
	readonly count: number;
	readonly lastUsedAt: Date;
}

/** What a key did since it was last written down. */
export interface KeyUse {
	readonly keyId: string;
	readonly lastUsedAt: Date;
	readonly lastUsedFrom: string;
	readonly lastUsedBy: string | null;
	readonly permissions: readonly PermissionUse[];
}

/** For how many days it is kept which permissions a key has used, the present one included. */
export const keptUsageDays = 30;

// One statement. Keys are held while their rows are written, so that one that is deleted meanwhile is left out, and all
// rows are taken in one order, so that two instances wait for each other and never both.
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

/** Reads and writes which permissions API keys have used. */
export class ApiKeyUsageRepository {
	readonly #pool: Pool;

	constructor(pool: Pool) {
		this.#pool = pool;
	}

	/** Adds to what is known, whoever else adds; keys that are gone are left out. */
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

	/** Lists what a key has used in the days that are kept, the most used first. */
	async list(keyId: string): Promise<PermissionUse[]> {
		return (await this.#pool.query<PermissionUse>(listQuery, [keyId])).rows;
	}
}
