import type { Pool } from 'pg';
import { keptUsageDays } from '#lib/server/features/api-keys/index.ts';
import type { OldestAllowed } from '#lib/server/features/sessions/index.ts';
import { signInOriginDays } from '#lib/server/features/sign-in-limits/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Rows per statement, which takes a fraction of a second. */
const chunkSize = 2_000;
/** The number of newest device kinds kept per user. */
const keptDevices = 100;

const deviceClass = `immich_auth.device_class("deviceType", "deviceOS", "appVersion")`;

/** Removes expired rows chunk by chunk: each call returns the number of removed rows, and 0 means done. */
export class CleanupRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Ends sessions that are too old or have expired, including their child sessions. */
	endSessions({ now, usedAfter, begunAfter }: OldestAllowed): Promise<number> {
		const moments = [usedAfter, begunAfter].flatMap(({ web, mobile, other }) => [web, mobile, other]);
		return this.#count(
			`DELETE FROM "session" WHERE "id" IN (
				SELECT "id" FROM "session" WHERE "expiresAt" <= $1
					OR "updatedAt" <= CASE ${deviceClass} WHEN 'web' THEN $2 WHEN 'mobile' THEN $3 ELSE $4::timestamptz END
					OR "createdAt" <= CASE ${deviceClass} WHEN 'web' THEN $5 WHEN 'mobile' THEN $6 ELSE $7::timestamptz END
				LIMIT ${chunkSize}
			)`,
			[now, ...moments]
		);
	}

	/** Deletes attempts that no longer count. */
	forgetAttempts(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.rate_limit WHERE "key" IN (
				SELECT "key" FROM immich_auth.rate_limit WHERE "expire" < extract(epoch FROM now()) * 1000 LIMIT ${chunkSize}
			)`
		);
	}

	/** Deletes networks and browsers that are too old to count as known. */
	forgetSignInOrigins(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.sign_in_origin WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.sign_in_origin
				WHERE "lastUsedAt" < now() - interval '${signInOriginDays} days' LIMIT ${chunkSize}
			))`
		);
	}

	/** Deletes API key usage older than the days shown. */
	forgetKeyUsage(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.api_key_usage WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.api_key_usage
				WHERE "day" <= (now() AT TIME ZONE 'UTC')::date - ${keptUsageDays} LIMIT ${chunkSize}
			))`
		);
	}

	/** Deletes expired sign-in flows, used code challenges and used logout tokens. */
	async forgetFlows(): Promise<number> {
		const outdated = (table: string) =>
			this.#count(
				`DELETE FROM immich_auth.${table} WHERE ctid = ANY(ARRAY(
					SELECT ctid FROM immich_auth.${table} WHERE "expiresAt" < now() LIMIT ${chunkSize}
				))`
			);
		return (
			(await outdated('oauth_flow')) + (await outdated('oauth_challenge')) + (await outdated('oauth_logout_token'))
		);
	}

	/** Deletes all but the newest device kinds of a user, which never expire otherwise. */
	forgetDevices(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.known_device WHERE ctid = ANY(ARRAY(
				SELECT device.ctid FROM immich_auth.known_device AS device
				JOIN (
					SELECT "userId" FROM immich_auth.known_device GROUP BY "userId" HAVING count(*) > ${keptDevices}
				) AS crowded USING ("userId")
				WHERE (
					SELECT count(*) FROM immich_auth.known_device AS newer
					WHERE newer."userId" = device."userId"
						AND (newer."firstSeenAt", newer."deviceType", newer."deviceOS", newer."isApp")
							> (device."firstSeenAt", device."deviceType", device."deviceOS", device."isApp")
				) >= ${keptDevices}
				LIMIT ${chunkSize}
			))`
		);
	}

	/** Deletes networks not seen for a year. */
	async forgetNetworks(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.known_network WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.known_network WHERE "lastSeenAt" < now() - interval '1 year' LIMIT ${chunkSize}
			))`
		);
	}

	async listDue(before: Date, afterId: string | null, limit: number): Promise<string[]> {
		const { rows } = await this.#pool.query<{ id: string }>(
			`SELECT "id" FROM "user" WHERE "deletedAt" <= $1 AND ($2::uuid IS NULL OR "id" > $2) ORDER BY "id" LIMIT $3`,
			[before, afterId, limit]
		);
		return rows.map(({ id }) => id);
	}

	/** Whether photo sizes are available: they are in a table of Immich's, which this server doesn't create. */
	async hasSizes(): Promise<boolean> {
		const { rows } = await this.#pool.query<{ found: boolean }>(
			`SELECT to_regclass('public.asset_exif') IS NOT NULL AS "found"`
		);
		return rows[0]?.found === true;
	}

	/**
	 * Recalculates the usage of one page of users, by ID; only wrong values are written. Returns the last ID to continue
	 * from; null at the end.
	 */
	async syncUsage(afterId: string | null): Promise<{ lastId: string; changed: number } | null> {
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

	async #count(text: string, values: readonly unknown[] = []): Promise<number> {
		return (await this.#pool.query(text, [...values])).rowCount ?? 0;
	}
}
