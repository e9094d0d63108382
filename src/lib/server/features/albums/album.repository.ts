import { isAlbumLive } from '#lib/server/features/access/index.ts';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { isCoverShown, isShownInAlbum, newestPhoto } from './album.sql.ts';

/** An album with what is computed from its assets: those in the trash or the locked folder don't count. */
export interface AlbumRow {
	readonly id: string;
	readonly albumName: string;
	readonly description: string | null;
	readonly createdAt: Date;
	readonly updatedAt: Date;
	/** The chosen cover, or the newest photo while that one can't be shown. */
	readonly albumThumbnailAssetId: string | null;
	readonly isActivityEnabled: boolean;
	readonly order: string;
	readonly hasSharedLink: boolean;
	readonly assetCount: number;
	readonly startDate: Date | null;
	readonly endDate: Date | null;
	readonly lastModifiedAssetTimestamp: Date | null;
}

export type AlbumOrder = 'asc' | 'desc';

export interface NewAlbum {
	readonly albumName: string;
	readonly description: string | null;
	readonly order: AlbumOrder;
}

export interface AlbumChanges {
	readonly albumName?: string;
	readonly description?: string | null;
	readonly albumThumbnailAssetId?: string;
	readonly isActivityEnabled?: boolean;
	readonly order?: AlbumOrder;
}

/** What an album's row itself says. */
export interface StoredAlbum {
	readonly albumName: string;
	readonly description: string | null;
	readonly albumThumbnailAssetId: string | null;
	readonly isActivityEnabled: boolean;
	readonly order: string;
}

export interface AlbumFilter {
	readonly id?: string | undefined;
	readonly name?: string | undefined;
	/** Albums in which members see this photo. */
	readonly assetId?: string | undefined;
	readonly isOwned?: boolean | undefined;
	readonly isShared?: boolean | undefined;
}

export interface AlbumCounts {
	readonly owned: number;
	/** Own albums and those of others. */
	readonly shared: number;
	/** Own albums only. */
	readonly notShared: number;
}

/** `album` has other members than its owner, or a shared link. */
const isShared = Prisma.sql`(
	EXISTS (
		SELECT FROM "album_user" AS other JOIN "user" ON "user"."id" = other."userId"
		WHERE other."albumId" = album."id" AND other."role" <> 'owner' AND "user"."deletedAt" IS NULL
	)
	OR EXISTS (SELECT FROM "shared_link" AS link WHERE link."albumId" = album."id")
)`;

/** How many members one message names; PostgreSQL limits its length. */
const namedMembers = 100;

/** Reads and writes rows of `album`. Whether a caller may see or change them is decided by the access rules. */
export class AlbumRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists albums whose owner isn't deleted, newest first. */
	list(ids: readonly string[]): Promise<AlbumRow[]> {
		return this.#prisma.$queryRaw<AlbumRow[]>`
			SELECT album."id", album."albumName", album."description", album."createdAt", album."updatedAt",
				CASE WHEN ${isCoverShown} THEN album."albumThumbnailAssetId" ELSE ${newestPhoto} END AS "albumThumbnailAssetId",
				album."isActivityEnabled", album."order",
				EXISTS (SELECT FROM "shared_link" AS link WHERE link."albumId" = album."id") AS "hasSharedLink",
				counted."assetCount", counted."startDate", counted."endDate", counted."lastModifiedAssetTimestamp"
			FROM "album", LATERAL (
				SELECT count(*)::int AS "assetCount", min(asset."localDateTime") AS "startDate",
					max(asset."localDateTime") AS "endDate", max(asset."updatedAt") AS "lastModifiedAssetTimestamp"
				FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
				WHERE entry."albumId" = album."id" AND ${isShownInAlbum}
			) AS counted
			WHERE album."id" = ANY(${[...ids]}::uuid[]) AND ${isAlbumLive}
			ORDER BY album."createdAt" DESC, album."id"`;
	}

	/** Returns the IDs of the albums that a user owns or is a member of, newest first. */
	async listIds(userId: string, { id, name, assetId, ...filter }: AlbumFilter): Promise<string[]> {
		const conditions = [
			Prisma.sql`member."userId" = ${userId}::uuid AND ${isAlbumLive}`,
			...(id === undefined ? [] : [Prisma.sql`album."id" = ${id}::uuid`]),
			...(name === undefined ? [] : [Prisma.sql`album."albumName" = ${name}`]),
			...(filter.isOwned === undefined ? [] : [Prisma.sql`(member."role" = 'owner') = ${filter.isOwned}`]),
			...(filter.isShared === undefined ? [] : [Prisma.sql`${isShared} = ${filter.isShared}`]),
			...(assetId === undefined
				? []
				: [
						Prisma.sql`EXISTS (
							SELECT FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
							WHERE entry."albumId" = album."id" AND entry."assetId" = ${assetId}::uuid AND ${isShownInAlbum}
						)`
					])
		];
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT album."id" FROM "album_user" AS member JOIN "album" ON album."id" = member."albumId"
			WHERE ${Prisma.join(conditions, ' AND ')}
			ORDER BY album."createdAt" DESC, album."id"`;
		return rows.map((row) => row.id);
	}

	/** Lists the albums that a user owns or is an editor of, by name. */
	listManaged(userId: string, limit: number): Promise<{ id: string; albumName: string }[]> {
		return this.#prisma.$queryRaw`
			SELECT album."id", album."albumName" FROM "album" JOIN "album_user" AS member ON member."albumId" = album."id"
			WHERE member."userId" = ${userId}::uuid AND member."role" IN ('owner', 'editor') AND ${isAlbumLive}
			ORDER BY album."albumName", album."id" LIMIT ${limit}`;
	}

	/** Counts the albums that a user owns or is a member of. */
	async count(userId: string): Promise<AlbumCounts> {
		const [counts] = await this.#prisma.$queryRaw<AlbumCounts[]>`
			SELECT count(*) FILTER (WHERE "isOwned")::int AS "owned", count(*) FILTER (WHERE "isShared")::int AS "shared",
				count(*) FILTER (WHERE "isOwned" AND NOT "isShared")::int AS "notShared"
			FROM (
				SELECT member."role" = 'owner' AS "isOwned", ${isShared} AS "isShared"
				FROM "album_user" AS member JOIN "album" ON album."id" = member."albumId"
				WHERE member."userId" = ${userId}::uuid AND ${isAlbumLive}
			) AS counted`;
		return counts ?? { owned: 0, shared: 0, notShared: 0 };
	}

	/** Returns the IDs of the albums that contain any of these assets of one user. */
	async listContaining(assetIds: readonly string[], ownerId: string): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ albumId: string }[]>`
			SELECT DISTINCT entry."albumId" FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
			WHERE entry."assetId" = ANY(${[...assetIds]}::uuid[]) AND asset."ownerId" = ${ownerId}::uuid`;
		return rows.map(({ albumId }) => albumId);
	}

	/** Locks albums against every other change until the transaction ends. */
	async lock(ids: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`
			SELECT 1 FROM "album" WHERE "id" = ANY(${[...ids]}::uuid[]) ORDER BY "id" FOR NO KEY UPDATE`;
	}

	/** Finds an album's row. */
	find(id: string): Promise<StoredAlbum | null> {
		return this.#prisma.album.findUnique({
			where: { id },
			select: { albumName: true, description: true, albumThumbnailAssetId: true, isActivityEnabled: true, order: true }
		});
	}

	/** Creates an album and returns its ID; it needs an owner in the same transaction. */
	async create(album: NewAlbum): Promise<string> {
		return (await this.#prisma.album.create({ data: album, select: { id: true } })).id;
	}

	async update(id: string, changes: AlbumChanges): Promise<void> {
		await this.#prisma.album.update({ where: { id }, data: changes, select: { id: true } });
	}

	/** Deletes an album with its members, links and activity; the photos stay. */
	async delete(id: string): Promise<void> {
		await this.#prisma.album.deleteMany({ where: { id } });
	}

	/**
	 * Records that the assets of albums have changed. An album whose cover is none of its assets gets another one: the first
	 * of `added` that members can see, or else its newest photo.
	 */
	async touch(ids: readonly string[], added: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`
			UPDATE "album" SET "updatedAt" = now(), "albumThumbnailAssetId" = CASE
				WHEN EXISTS (
					SELECT FROM "album_asset" AS entry
					WHERE entry."albumId" = album."id" AND entry."assetId" = album."albumThumbnailAssetId"
				) THEN album."albumThumbnailAssetId"
				ELSE coalesce(
					(
						SELECT asset."id" FROM unnest(${[...added]}::uuid[]) WITH ORDINALITY AS added ("id", "position")
							JOIN "album_asset" AS entry ON entry."assetId" = added."id" AND entry."albumId" = album."id"
							JOIN "asset" ON asset."id" = added."id"
						WHERE ${isShownInAlbum} ORDER BY added."position" LIMIT 1
					),
					${newestPhoto}
				)
			END
			WHERE album."id" = ANY(${[...ids]}::uuid[])`;
	}

	/**
	 * Tells the apps of all members, except the one who changes them, that albums change; in a transaction, only if that commits. Members as of now: call
	 * it before removing any.
	 */
	async announce(ids: readonly string[], exceptUserId: string | null): Promise<void> {
		await this.#prisma.$executeRaw`
			SELECT pg_notify('immich_auth_albums', "albumId"::text || ':' || string_agg("userId"::text, ','))
			FROM (
				SELECT "albumId", "userId", (row_number() OVER (PARTITION BY "albumId") - 1) / ${namedMembers}::int AS "part"
				FROM "album_user" WHERE "albumId" = ANY(${[...ids]}::uuid[]) AND "userId" IS DISTINCT FROM ${exceptUserId}::uuid
			) AS member
			GROUP BY "albumId", "part"`;
	}

	/** Deletes a chunk of the albums whose owner no longer exists. */
	async removeOwnerless(): Promise<number> {
		return await this.#prisma.$executeRaw`
			DELETE FROM "album" WHERE "id" = ANY(ARRAY(
				SELECT album."id" FROM "album" WHERE NOT EXISTS (
					SELECT FROM "album_user" AS member WHERE member."albumId" = album."id" AND member."role" = 'owner'
				) LIMIT ${chunkSize}
			))`;
	}
}
