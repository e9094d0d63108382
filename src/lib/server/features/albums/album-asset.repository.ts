import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { isShownInAlbum } from './album.sql.ts';

/** An asset in an album. */
export interface AlbumAssetRow {
	readonly albumId: string;
	readonly assetId: string;
}

/** Where a photo was taken. */
export interface MarkerRow {
	readonly id: string;
	readonly lat: number;
	readonly lon: number;
	readonly city: string | null;
	readonly state: string | null;
	readonly country: string | null;
}

/** A photo of an album, with its neighbors. */
export interface AlbumPhotoRow {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly ownerId: string;
	readonly takenAt: Date;
	readonly previous: string | null;
	readonly next: string | null;
}

/** The shown photos of an album, in its order. */
const buildPhotosQuery = (albumId: string): Prisma.Sql => Prisma.sql`
	SELECT asset."id", asset."originalFileName" AS "name", asset."type", asset."ownerId",
		asset."localDateTime" AS "takenAt", lag(asset."id") OVER sorted AS "previous", lead(asset."id") OVER sorted AS "next",
		row_number() OVER sorted AS "position"
	FROM "album" JOIN "album_asset" AS entry ON entry."albumId" = album."id" JOIN "asset" ON asset."id" = entry."assetId"
	WHERE album."id" = ${albumId}::uuid AND ${isShownInAlbum}
	WINDOW sorted AS (
		ORDER BY CASE WHEN album."order" = 'asc' THEN asset."localDateTime" END,
			CASE WHEN album."order" <> 'asc' THEN asset."localDateTime" END DESC, asset."id"
	)`;

/** How many markers a map gets at most: the newest photos. */
const mostMarkers = 50_000;

/** Reads and writes rows of `album_asset`. */
export class AlbumAssetRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Adds assets to albums; returns what wasn't there before. One that is being deleted or locked is left out. */
	add(albumIds: readonly string[], assetIds: readonly string[]): Promise<AlbumAssetRow[]> {
		return this.#prisma.$queryRaw<AlbumAssetRow[]>`
			INSERT INTO "album_asset" ("albumId", "assetId")
			SELECT album."id", added."id" FROM unnest(${[...albumIds]}::uuid[]) AS album ("id"), (
				SELECT "id" FROM "asset" WHERE "id" = ANY(${[...assetIds]}::uuid[]) AND "visibility" <> 'locked'
				ORDER BY "id" FOR SHARE
			) AS added
			ON CONFLICT DO NOTHING RETURNING "albumId", "assetId"`;
	}

	/** Returns which of these assets are in an album as far as a member knows: shown to all members, or the member's own. */
	async listKnown(albumId: string, assetIds: readonly string[], userId: string): Promise<ReadonlySet<string>> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT asset."id" FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
			WHERE entry."albumId" = ${albumId}::uuid AND entry."assetId" = ANY(${[...assetIds]}::uuid[])
				AND (asset."ownerId" = ${userId}::uuid OR (${isShownInAlbum}))`;
		return new Set(rows.map(({ id }) => id));
	}

	/** Whether an asset is in an album and every member sees it. */
	async isShown(albumId: string, assetId: string): Promise<boolean> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT asset."id" FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
			WHERE entry."albumId" = ${albumId}::uuid AND entry."assetId" = ${assetId}::uuid AND ${isShownInAlbum}`;
		return rows.length > 0;
	}

	async remove(albumId: string, assetIds: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`
			DELETE FROM "album_asset" WHERE "albumId" = ${albumId}::uuid AND "assetId" = ANY(${[...assetIds]}::uuid[])`;
	}

	/** Lists some of the shown photos of an album, in its order. */
	listShown(albumId: string, { offset, limit }: { offset: number; limit: number }): Promise<AlbumPhotoRow[]> {
		return this.#prisma.$queryRaw<AlbumPhotoRow[]>`
			SELECT * FROM (${buildPhotosQuery(albumId)}) AS photo ORDER BY "position" OFFSET ${offset} LIMIT ${limit}`;
	}

	/** Finds a shown photo of an album. */
	async findShown(albumId: string, assetId: string): Promise<AlbumPhotoRow | null> {
		const [photo] = await this.#prisma.$queryRaw<AlbumPhotoRow[]>`
			SELECT * FROM (${buildPhotosQuery(albumId)}) AS photo WHERE "id" = ${assetId}::uuid`;
		return photo ?? null;
	}

	/** Counts the shown photos of an album by owner, most first. */
	countByOwner(albumId: string): Promise<{ userId: string; assetCount: number }[]> {
		return this.#prisma.$queryRaw<{ userId: string; assetCount: number }[]>`
			SELECT asset."ownerId" AS "userId", count(*)::int AS "assetCount"
			FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
			WHERE entry."albumId" = ${albumId}::uuid AND ${isShownInAlbum}
			GROUP BY asset."ownerId" ORDER BY count(*) DESC, asset."ownerId"`;
	}

	/** Lists where the shown photos of an album were taken. */
	listMarkers(albumId: string): Promise<MarkerRow[]> {
		return this.#prisma.$queryRaw<MarkerRow[]>`
			SELECT asset."id", exif."latitude" AS "lat", exif."longitude" AS "lon", exif."city", exif."state", exif."country"
			FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
				JOIN "asset_exif" AS exif ON exif."assetId" = asset."id"
			WHERE entry."albumId" = ${albumId}::uuid AND exif."latitude" IS NOT NULL AND exif."longitude" IS NOT NULL
				AND ${isShownInAlbum}
			ORDER BY asset."localDateTime" DESC, asset."id" LIMIT ${mostMarkers}`;
	}
}
