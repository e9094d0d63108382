import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import type { Place } from '#lib/server/platform/paging/cursor.ts';
import { sessionColumns, sessionJoins, type DeviceRow, type OldestAllowed } from './session-list.repository.ts';
import { buildSessionCondition, sessionRows, type SessionChoice } from './session-search.sql.ts';

/** A session with its user. */
export interface UserSessionRow extends DeviceRow {
	readonly name: string;
	readonly email: string;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
}

interface PageWanted {
	readonly place: Place | undefined;
	/** Reads toward more recently used sessions. */
	readonly isBackward: boolean;
	readonly limit: number;
	/** Counts matches up to this number. */
	readonly countLimit: number;
}

/** How many sessions of a user have ended. */
export interface EndedSessions {
	readonly userId: string;
	readonly count: number;
}

/** Finds and ends sessions of all users. */
export class SessionSearchRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Reads a page, most recently used first, or backwards, and the number of matches, in one query. */
	async page(
		choice: SessionChoice,
		oldest: OldestAllowed,
		{ place, isBackward, limit, countLimit }: PageWanted
	): Promise<{ rows: UserSessionRow[]; total: number }> {
		const condition = buildSessionCondition(choice, oldest);
		const [sign, direction] = (isBackward ? ['>', 'ASC'] : ['<', 'DESC']).map((word) => Prisma.raw(word));
		const start = place
			? Prisma.sql`AND (session."updatedAt", session."id") ${sign} (${place.value}::timestamptz, ${place.id}::uuid)`
			: Prisma.empty;
		// The count comes with every row, and alone if there is none.
		const rows = await this.#prisma.$queryRaw<(Omit<UserSessionRow, 'id'> & { total: number; id: string | null })[]>`
			WITH counted AS (
				SELECT count(*)::int AS "total" FROM (
					SELECT 1 FROM ${sessionRows} WHERE ${condition} LIMIT ${countLimit}
				) AS few
			), chosen AS (
				SELECT session."id" FROM ${sessionRows} WHERE ${condition} ${start}
				ORDER BY session."updatedAt" ${direction}, session."id" ${direction} LIMIT ${limit}
			), page AS (
				SELECT ${Prisma.raw(sessionColumns)}, account."name", account."email", account."avatarColor",
					account."profileImagePath", account."profileChangedAt"
				FROM chosen JOIN "session" AS session ON session."id" = chosen."id"
				JOIN "user" AS account ON account."id" = session."userId" ${Prisma.raw(sessionJoins)}
			)
			SELECT counted."total", page.* FROM counted LEFT JOIN page ON TRUE
			ORDER BY page."updatedAt" ${direction}, page."id" ${direction}`;
		return {
			rows: rows.flatMap(({ id, ...row }) => (id === null ? [] : [{ ...row, id }])),
			total: rows[0]?.total ?? 0
		};
	}

	/** Counts matches, and the users they belong to. */
	async count(choice: SessionChoice, oldest: OldestAllowed): Promise<{ sessions: number; users: number }> {
		const [row] = await this.#prisma.$queryRaw<{ sessions: number; users: number }[]>`
			SELECT count(*)::int AS "sessions", count(DISTINCT session."userId")::int AS "users"
			FROM ${sessionRows} WHERE ${buildSessionCondition(choice, oldest)}`;
		return row ?? { sessions: 0, users: 0 };
	}

	/** Ends all matches, with their child sessions; returns how many of each user, without the child sessions. */
	async end(choice: SessionChoice, oldest: OldestAllowed): Promise<EndedSessions[]> {
		return this.#prisma.$queryRaw<EndedSessions[]>`
			WITH ended AS (
				DELETE FROM "session" WHERE "id" IN (
					SELECT session."id" FROM ${sessionRows} WHERE ${buildSessionCondition(choice, oldest)}
				) RETURNING "userId"
			)
			SELECT "userId", count(*)::int AS "count" FROM ended GROUP BY "userId"`;
	}
}
