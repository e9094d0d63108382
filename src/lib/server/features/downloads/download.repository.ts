import { isSharable } from '#lib/server/features/access/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** What a download plan needs of an asset. */
export interface DownloadItem {
	readonly id: string;
	/** 0 if unknown. */
	readonly sizeBytes: number;
}

/** Where an asset's file is. */
export interface DownloadFile {
	readonly id: string;
	/** Below the data folder. */
	readonly originalPath: string;
	readonly originalFileName: string;
	readonly fileModifiedAt: Date;
}

const { sql } = Prisma;

/** Reads which files belong to a download. Whether the caller may have them is decided by the access rules. */
export class DownloadRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists these assets, with the motion parts of photos. */
	listAssets(ids: readonly string[], limit: number): Promise<DownloadItem[]> {
		return this.#list(sql`SELECT asset.* FROM "asset" WHERE asset."id" = ANY(${[...ids]}::uuid[])`, limit);
	}

	/** Lists the assets of an album, with the motion parts of photos. */
	listAlbum(albumId: string, limit: number): Promise<DownloadItem[]> {
		return this.#list(
			sql`SELECT asset.* FROM "asset" JOIN "album_asset" AS entry ON entry."assetId" = asset."id"
				WHERE entry."albumId" = ${albumId}::uuid AND asset."visibility" <> 'hidden' AND ${isSharable}`,
			limit
		);
	}

	/** Lists a user's own assets that aren't in the trash, with the motion parts of photos. */
	listUser(userId: string, limit: number, { withLocked }: { readonly withLocked: boolean }): Promise<DownloadItem[]> {
		return this.#list(
			sql`SELECT asset.* FROM "asset" WHERE asset."ownerId" = ${userId}::uuid AND asset."deletedAt" IS NULL
				AND asset."visibility" <> 'hidden' ${withLocked ? Prisma.empty : sql`AND asset."visibility" <> 'locked'`}`,
			limit
		);
	}

	/** Finds the files of assets. */
	async listFiles(ids: readonly string[]): Promise<DownloadFile[]> {
		return this.#prisma.asset.findMany({
			where: { id: { in: [...ids] }, status: { not: 'deleted' } },
			select: { id: true, originalPath: true, originalFileName: true, fileModifiedAt: true }
		});
	}

	/** Returns an album's name. */
	async findAlbumName(id: string): Promise<string | null> {
		return (await this.#prisma.album.findUnique({ where: { id }, select: { albumName: true } }))?.albumName ?? null;
	}

	#list(chosen: Prisma.Sql, limit: number): Promise<DownloadItem[]> {
		return this.#prisma.$queryRaw<DownloadItem[]>`
			WITH chosen AS (${chosen}), whole AS (
				SELECT "id", "localDateTime" FROM chosen
				UNION
				SELECT motion."id", chosen."localDateTime" FROM chosen JOIN "asset" AS motion ON motion."id" = chosen."livePhotoVideoId"
				WHERE motion."deletedAt" IS NULL
			)
			SELECT whole."id", coalesce(exif."fileSizeInByte", 0)::float8 AS "sizeBytes"
			FROM whole LEFT JOIN "asset_exif" AS exif ON exif."assetId" = whole."id"
			ORDER BY whole."localDateTime" DESC, whole."id" LIMIT ${limit}`;
	}
}
