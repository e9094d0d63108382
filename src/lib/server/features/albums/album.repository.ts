import { isAlbumLive } from '#lib/server/features/access/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** An album with what is computed from its assets: those in the trash or the locked folder don't count. */
export interface AlbumRow {
	readonly id: string;
	readonly albumName: string;
	readonly description: string | null;
	readonly createdAt: Date;
	readonly updatedAt: Date;
	readonly albumThumbnailAssetId: string | null;
	readonly isActivityEnabled: boolean;
	readonly order: string;
	readonly hasSharedLink: boolean;
	readonly assetCount: number;
	readonly startDate: Date | null;
	readonly endDate: Date | null;
	readonly lastModifiedAssetTimestamp: Date | null;
}

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
				album."albumThumbnailAssetId", album."isActivityEnabled", album."order",
				EXISTS (SELECT FROM "shared_link" AS link WHERE link."albumId" = album."id") AS "hasSharedLink",
				counted."assetCount", counted."startDate", counted."endDate", counted."lastModifiedAssetTimestamp"
			FROM "album", LATERAL (
				SELECT count(*)::int AS "assetCount", min(asset."localDateTime") AS "startDate",
					max(asset."localDateTime") AS "endDate", max(asset."updatedAt") AS "lastModifiedAssetTimestamp"
				FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
				WHERE entry."albumId" = album."id" AND asset."deletedAt" IS NULL AND asset."visibility" <> 'locked'
			) AS counted
			WHERE album."id" = ANY(${[...ids]}::uuid[]) AND ${isAlbumLive}
			ORDER BY album."createdAt" DESC, album."id"`;
	}
}
