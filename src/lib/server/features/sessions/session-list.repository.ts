import type { Pool } from 'pg';
import type { DeviceClass } from '#lib/contract/sessions/device.ts';
import type { SessionRow } from './session.repository.ts';
import type { Place } from '#lib/server/platform/paging/cursor.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** The times after which a session must have been used and started to be still valid. */
export interface OldestAllowed {
	readonly now: Date;
	readonly usedAfter: Readonly<Record<DeviceClass, Date>>;
	readonly begunAfter: Readonly<Record<DeviceClass, Date>>;
}

/** A session row with the data stored beside it. */
export interface DeviceRow extends SessionRow {
	readonly deviceClass: DeviceClass;
	readonly signInAddress: string | null;
	readonly lastAddress: string | null;
	readonly isNew: boolean;
	readonly parentId: string | null;
	readonly parentType: string | null;
	readonly parentOS: string | null;
	readonly parentVersion: string | null;
	/** When it was last used, as text with full precision. */
	readonly sortValue: string;
}

interface PageWanted {
	readonly place: Place | undefined;
	/** Reads toward more recently used sessions. */
	readonly isBackward: boolean;
	readonly limit: number;
	/** A session to leave out, because it is shown separately. */
	readonly exceptId: string | null;
}

const deviceClass = `immich_auth.device_class(session."deviceType", session."deviceOS", session."appVersion")`;

/**
 * True for sessions that have not expired; the parameters are those of `toValues`. A session young enough for every class
 * passes without computing its class, which costs two patterns.
 */
export const isLive = `
	(session."expiresAt" IS NULL OR session."expiresAt" > $1)
	AND (session."updatedAt" > greatest($2, $3, $4::timestamptz)
		OR session."updatedAt" > CASE ${deviceClass} WHEN 'web' THEN $2 WHEN 'mobile' THEN $3 ELSE $4::timestamptz END)
	AND (session."createdAt" > greatest($5, $6, $7::timestamptz)
		OR session."createdAt" > CASE ${deviceClass} WHEN 'web' THEN $5 WHEN 'mobile' THEN $6 ELSE $7::timestamptz END)`;

/** The values of `isLive`. */
export const toValues = ({ now, usedAfter, begunAfter }: OldestAllowed) => [
	now,
	...[usedAfter, begunAfter].flatMap(({ web, mobile, other }) => [web, mobile, other])
];

/** The columns of a `DeviceRow`, over `sessionJoins`. */
export const sessionColumns = `session."id", session."userId", session."createdAt", session."updatedAt", session."expiresAt",
		coalesce(origin."clientName", session."deviceType") AS "deviceType", session."deviceOS", session."appVersion",
		session."isPendingSyncReset", ${deviceClass} AS "deviceClass", origin."signInAddress", origin."lastAddress",
		coalesce(origin."newUntil" > now(), false) AS "isNew", session."parentId",
		coalesce(parent_origin."clientName", parent."deviceType") AS "parentType",
		parent."deviceOS" AS "parentOS", parent."appVersion" AS "parentVersion",
		(session."updatedAt" AT TIME ZONE 'UTC')::text || '+00' AS "sortValue"`;

/** What is joined to `session` for them. */
export const sessionJoins = `
	LEFT JOIN immich_auth.session_origin AS origin ON origin."sessionId" = session."id"
	LEFT JOIN "session" AS parent ON parent."id" = session."parentId"
	LEFT JOIN immich_auth.session_origin AS parent_origin ON parent_origin."sessionId" = parent."id"`;

const select = `SELECT ${sessionColumns} FROM "session" AS session ${sessionJoins} WHERE ${isLive}`;

/** Lists and counts valid sessions; expired ones are never returned. */
export class SessionListRepository {
	readonly #pool: Pool;

	constructor({ pool }: Pick<Connection, 'pool'>) {
		this.#pool = pool;
	}

	/** Lists all of a user's sessions, most recently used first. */
	async listAll(userId: string, oldest: OldestAllowed): Promise<DeviceRow[]> {
		const text = `${select} AND session."userId" = $8 ORDER BY session."updatedAt" DESC, session."createdAt" DESC`;
		return (await this.#pool.query<DeviceRow>(text, [...toValues(oldest), userId])).rows;
	}

	/** Lists a user's sessions from a position, most recently used first, or backwards. */
	async listPage(userId: string, oldest: OldestAllowed, wanted: PageWanted): Promise<DeviceRow[]> {
		const { place, isBackward, limit, exceptId } = wanted;
		const [sign, direction] = isBackward ? ['>', 'ASC'] : ['<', 'DESC'];
		const text = `${select} AND session."userId" = $8 AND ($9::uuid IS NULL OR session."id" <> $9)
			${place ? `AND (session."updatedAt", session."id") ${sign} ($11::timestamptz, $12::uuid)` : ''}
			ORDER BY session."updatedAt" ${direction}, session."id" ${direction} LIMIT $10`;
		const values = [...toValues(oldest), userId, exceptId, limit, ...(place ? [place.value, place.id] : [])];
		return (await this.#pool.query<DeviceRow>(text, values)).rows;
	}

	/** Finds a session of a user; null if it is another user’s or past an age limit. */
	async find(userId: string, id: string, oldest: OldestAllowed): Promise<DeviceRow | null> {
		const text = `${select} AND session."userId" = $8 AND session."id" = $9`;
		return (await this.#pool.query<DeviceRow>(text, [...toValues(oldest), userId, id])).rows[0] ?? null;
	}

	/** Counts sessions of one user or of all, and the users they belong to. */
	async count(
		userId: string | null,
		exceptId: string | null,
		oldest: OldestAllowed
	): Promise<{ sessions: number; users: number }> {
		const text = `
			SELECT count(*)::int AS "sessions", count(DISTINCT session."userId")::int AS "users"
			FROM "session" AS session
			WHERE ${isLive} AND ($8::uuid IS NULL OR session."userId" = $8) AND ($9::uuid IS NULL OR session."id" <> $9)`;
		const { rows } = await this.#pool.query<{ sessions: number; users: number }>(text, [
			...toValues(oldest),
			userId,
			exceptId
		]);
		return rows[0] ?? { sessions: 0, users: 0 };
	}
}
