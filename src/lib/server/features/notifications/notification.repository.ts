import type { Pool } from 'pg';
import type { NotificationLevel, NotificationType } from '#lib/contract/notifications/notification.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Place } from '#lib/server/platform/paging/cursor.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** A notification to create. */
export interface NewNotification {
	readonly level: NotificationLevel;
	readonly type: NotificationType;
	readonly title: string;
	readonly description: string | null;
	readonly data: Readonly<Record<string, unknown>> | null;
}

/** A notification that is not deleted, as stored: level, type and data may come from another version or from Immich. */
export interface NotificationRow {
	readonly id: string;
	readonly createdAt: Date;
	readonly level: string;
	readonly type: string;
	readonly title: string;
	readonly description: string | null;
	readonly data: unknown;
	readonly readAt: Date | null;
}

/** A notification in a list sorted by age. */
export interface ListedNotification extends NotificationRow {
	/** The creation time, as text with full precision. */
	readonly sortValue: string;
}

export interface NotificationFilter {
	readonly id?: string | undefined;
	readonly level?: NotificationLevel | undefined;
	readonly type?: NotificationType | undefined;
	readonly unread?: boolean | undefined;
}

interface PageWanted {
	readonly isUnreadOnly: boolean;
	/** The notification created at this time, with this ID. */
	readonly place: Place | undefined;
	/** Reads toward newer notifications. */
	readonly isBackward: boolean;
	readonly limit: number;
}

/** Days until permanent removal, and rows per statement. */
const deletedDays = 3;
const readDays = 15;
const keptDays = 30;
const removedAtOnce = 10_000;

const columns = {
	id: true,
	createdAt: true,
	level: true,
	type: true,
	title: true,
	description: true,
	data: true,
	readAt: true
} as const satisfies Prisma.NotificationSelect;

const unreadQuery = {
	name: 'notifications-unread',
	text: `
		SELECT count(*)::int AS "count" FROM (
			SELECT FROM "notification"
			WHERE "userId" = $1 AND "readAt" IS NULL AND "deletedAt" IS NULL LIMIT $2
		) AS unread`
};

/** Reads and writes rows of `notification`; deleted ones are never returned. */
export class NotificationRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;
	readonly #pool: Pool;

	constructor({ prisma, pool }: Pick<Connection, 'prisma' | 'pool'>) {
		this.#prisma = prisma;
		this.#pool = pool;
	}

	/** Creates a notification; in a transaction, only if that commits. */
	async create(userId: string, { data, ...notification }: NewNotification): Promise<NotificationRow> {
		const json = data === null ? Prisma.DbNull : asJson(data);
		return this.#prisma.notification.create({ data: { ...notification, userId, data: json }, select: columns });
	}

	/** Creates notifications, except where the user has the same one unread. */
	async createEach(
		received: readonly { readonly userId: string; readonly notification: NewNotification }[]
	): Promise<void> {
		const rows = received.map(({ userId, notification }) => ({ ...notification, userId }));
		await this.#prisma.$executeRaw`
			INSERT INTO "notification" ("userId", "level", "type", "title", "description", "data")
			SELECT made.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
				AS made ("userId" uuid, "level" text, "type" text, "title" text, "description" text, "data" jsonb)
			WHERE NOT EXISTS (
				SELECT FROM "notification" AS unread
				WHERE unread."userId" = made."userId" AND unread."readAt" IS NULL AND unread."deletedAt" IS NULL
					AND unread."type" = made."type" AND unread."data" = made."data"
			)`;
	}

	/** Finds a notification of a user; null if it is another user’s or deleted. */
	find(userId: string, id: string): Promise<NotificationRow | null> {
		return this.#prisma.notification.findFirst({ where: { userId, id, deletedAt: null }, select: columns });
	}

	/** Lists a user's newest notifications. */
	list(userId: string, filter: NotificationFilter, limit: number): Promise<NotificationRow[]> {
		const { id, level, type, unread } = filter;
		return this.#prisma.notification.findMany({
			where: {
				userId,
				deletedAt: null,
				...(id === undefined ? {} : { id }),
				...(level === undefined ? {} : { level }),
				...(type === undefined ? {} : { type }),
				...(unread ? { readAt: null } : {})
			},
			orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
			take: limit,
			select: columns
		});
	}

	/** Lists a user's notifications from a position, newest first, or backwards. */
	listPage(userId: string, { isUnreadOnly, place, isBackward, limit }: PageWanted): Promise<ListedNotification[]> {
		const [sign, direction] = isBackward ? [Prisma.raw('>'), Prisma.raw('ASC')] : [Prisma.raw('<'), Prisma.raw('DESC')];
		return this.#prisma.$queryRaw<ListedNotification[]>`
			SELECT "id", "createdAt", "level", "type", "title", "description", "data", "readAt",
				("createdAt" AT TIME ZONE 'UTC')::text || '+00' AS "sortValue"
			FROM "notification"
			WHERE "userId" = ${userId}::uuid AND "deletedAt" IS NULL
				${isUnreadOnly ? Prisma.sql`AND "readAt" IS NULL` : Prisma.empty}
				${place ? Prisma.sql`AND ("createdAt", "id") ${sign} (${place.value}::timestamptz, ${place.id}::uuid)` : Prisma.empty}
			ORDER BY "createdAt" ${direction}, "id" ${direction} LIMIT ${limit}`;
	}

	/** Counts the notifications of a user that aren’t deleted. */
	count(userId: string, isUnreadOnly: boolean): Promise<number> {
		const where = { userId, deletedAt: null, ...(isUnreadOnly ? { readAt: null } : {}) };
		return this.#prisma.notification.count({ where });
	}

	/** Counts a user's unread notifications, up to `limit`, with a lookup in one index. */
	async countUnread(userId: string, limit: number): Promise<number> {
		const { rows } = await this.#pool.query<{ count: number }>({ ...unreadQuery, values: [userId, limit] });
		return rows[0]?.count ?? 0;
	}

	/** Marks a user's notifications as read at a time, or as unread. */
	async setRead(userId: string, ids: readonly string[], readAt: Date | null): Promise<void> {
		const where = { userId, id: { in: [...ids] }, deletedAt: null };
		await this.#prisma.notification.updateMany({ where, data: { readAt } });
	}

	/** Marks a user's notifications up to a time as read. */
	async setAllRead(userId: string, until: Date | undefined): Promise<void> {
		const age = until === undefined ? {} : { createdAt: { lte: until } };
		const where = { userId, readAt: null, deletedAt: null, ...age };
		await this.#prisma.notification.updateMany({ where, data: { readAt: new Date() } });
	}

	/** Soft-deletes some of a user's notifications; the rows are removed later. */
	async delete(userId: string, ids: readonly string[]): Promise<void> {
		const where = { userId, id: { in: [...ids] }, deletedAt: null };
		await this.#prisma.notification.updateMany({ where, data: { deletedAt: new Date() } });
	}

	/** Soft-deletes all notifications that a user has read. */
	async deleteRead(userId: string): Promise<void> {
		const where = { userId, readAt: { not: null }, deletedAt: null };
		await this.#prisma.notification.updateMany({ where, data: { deletedAt: new Date() } });
	}

	/** Removes expired rows; those locked by another instance are skipped. */
	async removeOld(): Promise<void> {
		await this.#prisma.$executeRaw`
			DELETE FROM "notification" WHERE "id" IN (
				SELECT "id" FROM "notification"
				WHERE "deletedAt" < now() - make_interval(days => ${deletedDays})
					OR "readAt" < now() - make_interval(days => ${readDays})
					OR "createdAt" < now() - make_interval(days => ${keptDays})
				LIMIT ${removedAtOnce} FOR UPDATE SKIP LOCKED
			)`;
	}
}

/** Casts data parsed from JSON or written by this server. */
const asJson = (data: Readonly<Record<string, unknown>>) => ({ ...data }) as Prisma.InputJsonObject;
