import type { Pool } from 'pg';
import { keptUsageDays } from '#lib/server/features/api-keys/index.ts';
import type { OldestAllowed } from '#lib/server/features/sessions/index.ts';
import { signInOriginDays } from '#lib/server/features/sign-in/index.ts';

/** How many rows one statement touches: a fraction of a second. */
const chunkSize = 2_000;
/** How many kinds of device are remembered of one person, the newest. */
const keptDevices = 100;

const deviceClass = `immich_auth.device_class("deviceType", "deviceOS", "appVersion")`;

/** Removes what has run its course, a chunk at a time: each call says how many rows it has removed, and 0 is the end. */
export class CleanupRepository {
	readonly #pool: Pool;

	constructor(pool: Pool) {
		this.#pool = pool;
	}

	/** Ends the sessions that are over age, or whose end has come; those below them go with them. */
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

	/** Forgets attempts that count no longer. */
	forgetAttempts(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.rate_limit WHERE "key" IN (
				SELECT "key" FROM immich_auth.rate_limit WHERE "expire" < extract(epoch FROM now()) * 1000 LIMIT ${chunkSize}
			)`
		);
	}

	/** Removes networks and browsers that are too old to count as known. */
	forgetSignInOrigins(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.sign_in_origin WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.sign_in_origin
				WHERE "lastUsedAt" < now() - interval '${signInOriginDays} days' LIMIT ${chunkSize}
			))`
		);
	}

	/** Forgets what API keys did before the days that are shown. */
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

	/** Forgets all but the newest kinds of device of a person: they have no end by themselves. */
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

	/** Lists accounts, deleted before this moment, in the order of their ids. */
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

	/** Tells whether there are sizes of photos to reckon by: Immich's table, which this server does not make. */
	async hasSizes(): Promise<boolean> {
		const { rows } = await this.#pool.query<{ found: boolean }>(
			`SELECT to_regclass('public.asset_exif') IS NOT NULL AS "found"`
		);
		return rows[0]?.found === true;
	}

	/**
	 * Reckons anew what some accounts use, in the order of their ids; those of which it was right are not written.
	 * Tells with whom to go on; null at the end.
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
