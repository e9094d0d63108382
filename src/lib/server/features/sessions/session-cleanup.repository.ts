import type { Pool } from 'pg';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { OldestAllowed } from './session-list.repository.ts';

/** The number of newest device kinds kept per user. */
const keptDevices = 100;

const deviceClass = `immich_auth.device_class("deviceType", "deviceOS", "appVersion")`;

/** Removes expired rows chunk by chunk: each call returns the number of removed rows, and 0 means done. */
export class SessionCleanupRepository {
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
	forgetNetworks(): Promise<number> {
		return this.#count(
			`DELETE FROM immich_auth.known_network WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.known_network WHERE "lastSeenAt" < now() - interval '1 year' LIMIT ${chunkSize}
			))`
		);
	}

	async #count(text: string, values: readonly unknown[] = []): Promise<number> {
		return (await this.#pool.query(text, [...values])).rowCount ?? 0;
	}
}
