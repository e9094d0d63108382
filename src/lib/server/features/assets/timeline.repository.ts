import type { Visibility } from '#lib/contract/assets/asset.ts';
import { isLinkLive, isSharable, isShownByIndividualLink } from '#lib/server/features/access/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** Which assets a timeline shows. */
export type TimelineScope =
	| { readonly kind: 'own'; readonly userId: string; readonly withPartners: boolean }
	/** Only what a partner shows: never archived or locked assets, nor the trash. */
	| { readonly kind: 'partner'; readonly userId: string }
	| { readonly kind: 'album'; readonly albumId: string }
	| { readonly kind: 'link'; readonly linkId: string };

export interface TimelineQuery {
	readonly scope: TimelineScope;
	/** Absent for the timeline and the archive. */
	readonly visibility?: Visibility | undefined;
	readonly isTrashed: boolean;
	readonly isFavorite?: boolean | undefined;
}

export interface BucketCount {
	/** The first day of the month. */
	readonly timeBucket: string;
	readonly count: number;
}

export interface DayCount {
	readonly day: string;
	readonly count: number;
}

/** The assets beside one; null at the ends. */
export interface Neighbors {
	readonly newer: string | null;
	readonly older: string | null;
}

/** What the grid needs of an asset. */
export interface TimelineRow {
	readonly id: string;
	readonly ownerId: string;
	readonly type: string;
	readonly isFavorite: boolean;
	readonly isTrashed: boolean;
	readonly visibility: Visibility;
	readonly createdAt: Date;
	readonly fileCreatedAt: Date;
	readonly localDateTime: Date;
	readonly width: number | null;
	readonly height: number | null;
	readonly thumbhash: Uint8Array | null;
	readonly duration: number | null;
	readonly livePhotoVideoId: string | null;
	readonly projectionType: string | null;
	readonly city: string | null;
	readonly country: string | null;
	readonly latitude: number | null;
	readonly longitude: number | null;
}

const { sql } = Prisma;

const month = sql`date_trunc('MONTH', asset."localDateTime" AT TIME ZONE 'UTC')`;

/** Reads assets by month. */
export class TimelineRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Counts by month of the time taken. */
	count(query: TimelineQuery, order: 'asc' | 'desc'): Promise<BucketCount[]> {
		return this.#prisma.$queryRaw<BucketCount[]>`
			SELECT to_char("month", 'YYYY-MM-DD') AS "timeBucket", count(*)::int AS "count"
			FROM (SELECT ${month} AS "month" FROM ${from(query)} WHERE ${where(query)}) AS counted
			GROUP BY "month" ORDER BY "month" ${direction(order)}`;
	}

	/** Counts by day, newest first. */
	countByDay(query: TimelineQuery): Promise<DayCount[]> {
		return this.#prisma.$queryRaw<DayCount[]>`
			SELECT to_char("day", 'YYYY-MM-DD') AS "day", count(*)::int AS "count"
			FROM (SELECT (asset."localDateTime" AT TIME ZONE 'UTC')::date AS "day" FROM ${from(query)} WHERE ${where(query)}) AS counted
			GROUP BY counted."day" ORDER BY counted."day" DESC`;
	}

	/** Finds the assets before and after one in the order of the timeline. */
	async findNeighbors(
		query: TimelineQuery,
		{ id, localDateTime }: { readonly id: string; readonly localDateTime: Date }
	): Promise<Neighbors> {
		const position = sql`(${localDateTime}, ${id}::uuid)`;
		const select = (comparison: Prisma.Sql, order: 'asc' | 'desc') => sql`(
			SELECT asset."id" FROM ${from(query)}
			WHERE ${where(query)} AND (asset."localDateTime", asset."id") ${comparison} ${position}
			ORDER BY asset."localDateTime" ${direction(order)}, asset."id" ${direction(order)} LIMIT 1
		)`;
		const [found] = await this.#prisma.$queryRaw<Neighbors[]>`
			SELECT ${select(sql`>`, 'asc')} AS "newer", ${select(sql`<`, 'desc')} AS "older"`;
		return found ?? { newer: null, older: null };
	}

	/** Lists the assets of a month. */
	list(query: TimelineQuery, firstDay: string, order: 'asc' | 'desc'): Promise<TimelineRow[]> {
		return this.#prisma.$queryRaw<TimelineRow[]>`
			SELECT asset."id", asset."ownerId", asset."type", asset."isFavorite", asset."deletedAt" IS NOT NULL AS "isTrashed",
				asset."visibility", asset."createdAt", asset."fileCreatedAt", asset."localDateTime", asset."width", asset."height",
				asset."thumbhash", asset."duration", asset."livePhotoVideoId", exif."projectionType", exif."city", exif."country",
				exif."latitude", exif."longitude"
			FROM ${from(query)} LEFT JOIN "asset_exif" AS exif ON exif."assetId" = asset."id"
			WHERE ${where(query)} AND asset."localDateTime" >= ${firstDay}::timestamp AT TIME ZONE 'UTC'
				AND asset."localDateTime" < (${firstDay}::timestamp + interval '1 month') AT TIME ZONE 'UTC'
			ORDER BY asset."localDateTime" ${direction(order)}, asset."id" ${direction(order)}`;
	}
}

const direction = (order: 'asc' | 'desc') => (order === 'asc' ? sql`ASC` : sql`DESC`);

function from({ scope }: TimelineQuery): Prisma.Sql {
	switch (scope.kind) {
		case 'own':
		case 'partner':
			return sql`"asset"`;
		case 'album':
			return sql`"album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"`;
		case 'link':
			return sql`"shared_link" AS link JOIN "shared_link_asset" AS entry ON entry."sharedLinkId" = link."id"
				JOIN "asset" ON asset."id" = entry."assetId"`;
	}
}

function where({ scope, visibility, isTrashed, isFavorite }: TimelineQuery): Prisma.Sql {
	const conditions = [
		whose(scope),
		visibility === undefined
			? sql`asset."visibility" IN ('timeline', 'archive')`
			: sql`asset."visibility" = ${visibility}::asset_visibility_enum`,
		isTrashed ? sql`asset."deletedAt" IS NOT NULL AND asset."status" <> 'deleted'` : sql`asset."deletedAt" IS NULL`,
		...(isFavorite === undefined ? [] : [sql`asset."isFavorite" = ${isFavorite}`])
	];
	return Prisma.join(conditions, ' AND ');
}

/** Partners who are shown in someone's timeline, and aren't deleted. */
const partnersOf = (userId: string) => sql`(
	SELECT array_agg(partner."sharedById") FROM "partner" JOIN "user" AS sharer ON sharer."id" = partner."sharedById"
	WHERE partner."sharedWithId" = ${userId}::uuid AND partner."inTimeline" AND sharer."deletedAt" IS NULL
)`;

function whose(scope: TimelineScope): Prisma.Sql {
	switch (scope.kind) {
		case 'own':
			return scope.withPartners
				? sql`asset."ownerId" = ANY(array_append(${partnersOf(scope.userId)}::uuid[], ${scope.userId}::uuid))`
				: sql`asset."ownerId" = ${scope.userId}::uuid`;
		case 'partner':
			return sql`asset."ownerId" = ${scope.userId}::uuid AND ${isSharable}`;
		case 'album':
			return sql`entry."albumId" = ${scope.albumId}::uuid AND ${isSharable}`;
		case 'link':
			return sql`link."id" = ${scope.linkId}::uuid AND link."type" = 'INDIVIDUAL' AND ${isLinkLive} AND ${isShownByIndividualLink}`;
	}
}
