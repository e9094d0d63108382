import { longestActivityList, type ActivityQuery } from '#lib/contract/activities/activity.ts';
import { isShownInAlbum } from '#lib/server/features/albums/index.ts';
import type { PublicUser } from '#lib/server/features/users/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** A comment or like, with its author. */
export interface ActivityRow extends Omit<PublicUser, 'id'> {
	readonly id: string;
	readonly createdAt: Date;
	readonly albumId: string;
	readonly assetId: string | null;
	/** Null for a like. */
	readonly comment: string | null;
	readonly userId: string;
}

export interface NewActivity {
	readonly albumId: string;
	readonly userId: string;
	readonly assetId: string | null;
	/** Null for a like. */
	readonly comment: string | null;
}

export interface ActivityCounts {
	readonly comments: number;
	readonly likes: number;
}

/** Its author isn't deleted, and the photo that it is about can be seen in the album. */
const isShown = Prisma.sql`author."deletedAt" IS NULL AND (
	activity."assetId" IS NULL
	OR EXISTS (SELECT FROM "asset" WHERE asset."id" = activity."assetId" AND ${isShownInAlbum})
)`;

const columns = Prisma.sql`activity."id", activity."createdAt", activity."albumId", activity."assetId", activity."comment",
	activity."userId", author."email", author."name", author."avatarColor", author."profileImagePath",
	author."profileChangedAt"`;

function buildConditions({ albumId, assetId, level, type, userId }: ActivityQuery): Prisma.Sql {
	const conditions = [
		Prisma.sql`activity."albumId" = ${albumId}::uuid`,
		...(level === 'album'
			? [Prisma.sql`activity."assetId" IS NULL`]
			: assetId === undefined
				? []
				: [Prisma.sql`activity."assetId" = ${assetId}::uuid`]),
		...(type === undefined ? [] : [Prisma.sql`activity."isLiked" = ${type === 'like'}`]),
		...(userId === undefined ? [] : [Prisma.sql`activity."userId" = ${userId}::uuid`]),
		isShown
	];
	return Prisma.join(conditions, ' AND ');
}

/** Reads and writes rows of `activity`. Whether a caller may see or change them is decided by the access rules. */
export class ActivityRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists the newest matches, oldest first. */
	async list(query: ActivityQuery, limit = longestActivityList): Promise<ActivityRow[]> {
		const rows = await this.#prisma.$queryRaw<ActivityRow[]>`
			SELECT ${columns} FROM "activity" JOIN "user" AS author ON author."id" = activity."userId"
			WHERE ${buildConditions(query)}
			ORDER BY activity."createdAt" DESC, activity."id" DESC LIMIT ${limit}`;
		return rows.reverse();
	}

	/** Counts what `list` would list without its limit. */
	async count(query: Pick<ActivityQuery, 'albumId' | 'assetId'>): Promise<ActivityCounts> {
		const [counts] = await this.#prisma.$queryRaw<ActivityCounts[]>`
			SELECT count(*) FILTER (WHERE NOT activity."isLiked")::int AS "comments",
				count(*) FILTER (WHERE activity."isLiked")::int AS "likes"
			FROM "activity" JOIN "user" AS author ON author."id" = activity."userId" WHERE ${buildConditions(query)}`;
		return counts ?? { comments: 0, likes: 0 };
	}

	/** Finds one, without checking who can see it. */
	async find(id: string): Promise<ActivityRow | null> {
		const [row] = await this.#prisma.$queryRaw<ActivityRow[]>`
			SELECT ${columns} FROM "activity" JOIN "user" AS author ON author."id" = activity."userId"
			WHERE activity."id" = ${id}::uuid`;
		return row ?? null;
	}

	/** Finds a user's like of an album, or of a photo in it. */
	async findLike({ albumId, userId, assetId }: NewActivity): Promise<string | null> {
		const row = await this.#prisma.activity.findFirst({
			where: { albumId, userId, assetId, isLiked: true },
			select: { id: true }
		});
		return row?.id ?? null;
	}

	/** Creates one and returns its ID. */
	async create(activity: NewActivity): Promise<string> {
		const data = { ...activity, isLiked: activity.comment === null };
		return (await this.#prisma.activity.create({ data, select: { id: true } })).id;
	}

	/** Deletes one; false if it is gone. */
	async delete(id: string): Promise<boolean> {
		return (await this.#prisma.activity.deleteMany({ where: { id } })).count > 0;
	}
}
