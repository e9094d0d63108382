import { mustChangePassword as mustChangePasswordText } from '#lib/server/features/users/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

export interface UserTotals {
	readonly total: number;
	readonly admins: number;
	readonly overQuota: number;
	/** Bytes that the files of all users take. */
	readonly used: number;
}

export interface PasswordTotals {
	readonly mustChangePassword: number;
	readonly passwordExpired: number;
}

export interface SessionTotals {
	readonly total: number;
	readonly apps: number;
}

export interface DayCount {
	/** In UTC, such as `2026-07-21`. */
	readonly day: string;
	readonly count: number;
}

export interface StoredBytes {
	readonly id: string;
	readonly name: string;
	readonly used: number;
	readonly quota: number | null;
}

/** A user whose sign-in failed, and from where. */
export interface RefusedUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly address: string;
}

const mustChangePassword = Prisma.raw(mustChangePasswordText);

/** Counts what the overview shows. Each query reads one table through an index, or once as a whole. */
export class OverviewRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	async countUsers(): Promise<UserTotals> {
		const [totals] = await this.#prisma.$queryRaw<UserTotals[]>`
			SELECT count(*)::int AS "total", count(*) FILTER (WHERE "isAdmin")::int AS "admins",
				count(*) FILTER (WHERE "quotaUsageInBytes" > "quotaSizeInBytes")::int AS "overQuota",
				coalesce(sum("quotaUsageInBytes"), 0)::float8 AS "used"
			FROM "user" WHERE "deletedAt" IS NULL`;
		return totals ?? { total: 0, admins: 0, overQuota: 0, used: 0 };
	}

	async countPasswords(): Promise<PasswordTotals> {
		const [totals] = await this.#prisma.$queryRaw<PasswordTotals[]>`
			SELECT count(*)::int AS "mustChangePassword",
				count(*) FILTER (WHERE state."expiresAt" <= now())::int AS "passwordExpired"
			FROM "user" AS account LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
			WHERE account."deletedAt" IS NULL AND ${mustChangePassword}`;
		return totals ?? { mustChangePassword: 0, passwordExpired: 0 };
	}

	/** Counts the users who have used the server at least once. All but the deleted ones are counted in one index. */
	async countSeen(): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ seen: number }[]>`
			SELECT (
				(SELECT count(*) FROM immich_auth.user_activity WHERE "lastSeenAt" IS NOT NULL) - (
					SELECT count(*) FROM "user" AS account
					JOIN immich_auth.user_activity AS activity ON activity."userId" = account."id"
					WHERE account."deletedAt" IS NOT NULL AND activity."lastSeenAt" IS NOT NULL
				)
			)::int AS "seen"`;
		return row?.seen ?? 0;
	}

	/** Counts the current sessions, and those of the mobile app. */
	async countSessions(): Promise<SessionTotals> {
		const [row] = await this.#prisma.$queryRaw<SessionTotals[]>`
			SELECT count(*)::int AS "total", count("appVersion")::int AS "apps" FROM "session"
			WHERE "expiresAt" IS NULL OR "expiresAt" > now()`;
		return row ?? { total: 0, apps: 0 };
	}

	/** Counts sign-ins by day, from the day that is so many days before today; days without any are left out. */
	countSignIns(daysBefore: number): Promise<DayCount[]> {
		return this.#countByDay(daysBefore, Prisma.empty);
	}

	/** Counts failed sign-ins in the same way. */
	countFailedSignIns(daysBefore: number): Promise<DayCount[]> {
		return this.#countByDay(daysBefore, Prisma.sql`AND "outcome" = 'refused'`);
	}

	/** Without a condition on the outcome, only an index is read. */
	#countByDay(daysBefore: number, condition: Prisma.Sql): Promise<DayCount[]> {
		return this.#prisma.$queryRaw<DayCount[]>`
			SELECT to_char("at" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day", count(*)::int AS "count"
			FROM immich_auth.audit_event
			WHERE "action" = 'auth.signIn' ${condition}
				AND "at" >= (date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(days => ${daysBefore}::int)) AT TIME ZONE 'UTC'
			GROUP BY "day"`;
	}

	/** Lists the users whose files take most. */
	listFullest(limit: number): Promise<StoredBytes[]> {
		return this.#prisma.$queryRaw<StoredBytes[]>`
			SELECT "id", "name", "quotaUsageInBytes"::float8 AS "used", "quotaSizeInBytes"::float8 AS "quota"
			FROM "user" WHERE "deletedAt" IS NULL AND "quotaUsageInBytes" > 0
			ORDER BY "quotaUsageInBytes" DESC, "id" DESC LIMIT ${limit}`;
	}

	/** Lists which users could not sign in within the last hour, and from where; the newest events only. */
	listRefused(limit: number): Promise<RefusedUser[]> {
		return this.#prisma.$queryRaw<RefusedUser[]>`
			SELECT DISTINCT account."id", account."name", account."email", host(event."address") AS "address"
			FROM (
				SELECT "subjectId", "address" FROM immich_auth.audit_event
				WHERE "outcome" = 'refused' AND "action" = 'auth.signIn' AND "at" > now() - interval '1 hour'
					AND "subjectId" IS NOT NULL AND "address" IS NOT NULL
				ORDER BY "at" DESC, "id" DESC LIMIT ${limit}
			) AS event JOIN "user" AS account ON account."id" = event."subjectId"
			WHERE account."deletedAt" IS NULL`;
	}
}
