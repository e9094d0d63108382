import { randomBytes } from 'node:crypto';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Visibility } from '#lib/contract/assets/asset.ts';
import { publicUserColumns } from '#lib/server/features/users/index.ts';
import { announcements } from './asset-announcement.sql.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** All that is shown of an asset. */
export const assetDetails = {
	include: {
		exif: true,
		owner: { select: publicUserColumns },
		stack: { include: { _count: { select: { assets: true } } } }
	}
} as const satisfies Prisma.AssetDefaultArgs;

/** An asset with its metadata and owner. */
export type AssetRow = Prisma.AssetGetPayload<typeof assetDetails>;

/** An asset that is being uploaded. */
export interface NewAsset {
	readonly id: string;
	readonly ownerId: string;
	readonly type: 'IMAGE' | 'VIDEO';
	readonly originalPath: string;
	readonly originalFileName: string;
	readonly checksum: Uint8Array;
	readonly sizeBytes: number;
	readonly fileCreatedAt: Date;
	readonly fileModifiedAt: Date;
	readonly isFavorite: boolean;
	readonly visibility: Visibility;
	readonly duration: number | null;
	readonly livePhotoVideoId: string | null;
}

/** A file that is already there. */
export interface KnownFile {
	readonly id: string;
	readonly checksum: Uint8Array;
	readonly deletedAt: Date | null;
	/** Whether others may be shown it: neither in the trash nor locked nor a motion part. */
	readonly isSharable: boolean;
}

/** How much a user may store, after a change. */
export interface Usage {
	readonly quotaSizeInBytes: bigint | null;
	readonly quotaUsageInBytes: bigint;
	readonly storageLabel: string | null;
}

/** What can be changed of assets; absent values stay. */
export interface AssetChanges {
	readonly isFavorite?: boolean;
	readonly visibility?: Visibility;
	readonly livePhotoVideoId?: string | null;
	readonly duplicateId?: string | null;
	readonly fileCreatedAt?: Date;
	readonly localDateTime?: Date;
	readonly width?: number;
	readonly height?: number;
	readonly thumbhash?: Uint8Array<ArrayBuffer>;
}

export type ExifChanges = Omit<Prisma.AssetExifUncheckedUpdateManyInput, 'assetId' | 'updateId' | 'updatedAt'>;

/** What is needed to make pictures of an asset. */
export interface SourceRow {
	readonly id: string;
	readonly ownerId: string;
	readonly type: string;
	readonly originalPath: string;
	readonly originalFileName: string;
	readonly files: readonly { readonly type: string; readonly path: string }[];
}

/** A file of an asset besides the original; the types are Immich's. */
export type AssetFileType = 'thumbnail' | 'preview' | 'fullsize' | 'sidecar';

/** The values are the repository's own, so the text is safe. */
const isListed = (ids: readonly string[]) => Prisma.sql`= ANY(${[...ids]}::uuid[])`;

/** Reads and writes rows of `asset`. Whether a caller may see or change them is decided by the access rules. */
export class AssetRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Finds an asset; those about to be removed are gone. */
	find(id: string): Promise<AssetRow | null> {
		return this.#prisma.asset.findFirst({ where: { id, status: { not: 'deleted' } }, ...assetDetails });
	}

	/** Lists assets in the order of the IDs; those that don't exist are left out. */
	async list(ids: readonly string[]): Promise<AssetRow[]> {
		const rows = await this.#prisma.asset.findMany({
			where: { id: { in: [...ids] }, status: { not: 'deleted' } },
			...assetDetails
		});
		const byId = new Map(rows.map((row) => [row.id, row]));
		return ids.flatMap((id) => byId.get(id.toLowerCase()) ?? []);
	}

	/** Finds what is needed to make pictures of an asset, and its files. */
	findSource(id: string): Promise<SourceRow | null> {
		return this.#prisma.asset.findFirst({
			where: { id, status: { not: 'deleted' } },
			select: {
				id: true,
				ownerId: true,
				type: true,
				originalPath: true,
				originalFileName: true,
				files: { where: { isEdited: false }, select: { type: true, path: true } }
			}
		});
	}

	/** Finds those of a user's files that have one of these checksums. */
	findKnown(ownerId: string, checksums: readonly Uint8Array[]): Promise<KnownFile[]> {
		return this.#prisma.$queryRaw<KnownFile[]>`
			SELECT "id", "checksum", "deletedAt", "deletedAt" IS NULL AND "visibility" IN ('timeline', 'archive') AS "isSharable"
			FROM "asset"
			WHERE "ownerId" = ${ownerId}::uuid AND "checksum" = ANY(${checksums.map((checksum) => Buffer.from(checksum))}::bytea[])
				AND "libraryId" IS NULL AND "status" <> 'deleted'`;
	}

	/** Returns how much a user may store; null for a deleted user. */
	async findUsage(ownerId: string): Promise<Usage | null> {
		const [usage] = await this.#prisma.$queryRaw<Usage[]>`
			SELECT "quotaSizeInBytes", "quotaUsageInBytes", "storageLabel" FROM "user"
			WHERE "id" = ${ownerId}::uuid AND "deletedAt" IS NULL`;
		return usage ?? null;
	}

	/**
	 * Adds to what a user has stored, and returns the result; null for a deleted user. Locks the user's row until the
	 * transaction ends, so that uploads are counted one after another.
	 */
	async addUsage(ownerId: string, sizeBytes: number): Promise<Usage | null> {
		const [usage] = await this.#prisma.$queryRaw<Usage[]>`
			UPDATE "user" SET "quotaUsageInBytes" = "quotaUsageInBytes" + ${BigInt(sizeBytes)}
			WHERE "id" = ${ownerId}::uuid AND "deletedAt" IS NULL
			RETURNING "quotaSizeInBytes", "quotaUsageInBytes", "storageLabel"`;
		return usage ?? null;
	}

	/** Inserts an asset with the size of its file; returns false if its owner has the same file already. */
	async insert(asset: NewAsset): Promise<boolean> {
		// A file about to be removed doesn't keep the same one from being uploaded again.
		const inserted = (await this.#tryInsert(asset)) || ((await this.#giveWay(asset)) && (await this.#tryInsert(asset)));
		return inserted;
	}

	async #tryInsert(asset: NewAsset): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			WITH inserted AS (
				INSERT INTO "asset" ("id", "ownerId", "type", "originalPath", "originalFileName", "checksum", "checksumAlgorithm",
					"fileCreatedAt", "fileModifiedAt", "localDateTime", "isFavorite", "visibility", "duration", "livePhotoVideoId")
				VALUES (${asset.id}::uuid, ${asset.ownerId}::uuid, ${asset.type}, ${asset.originalPath}, ${asset.originalFileName},
					${Buffer.from(asset.checksum)}, 'sha1', ${asset.fileCreatedAt}, ${asset.fileModifiedAt}, ${asset.fileCreatedAt},
					${asset.isFavorite}, ${asset.visibility}::asset_visibility_enum, ${asset.duration}, ${asset.livePhotoVideoId}::uuid)
				ON CONFLICT ("ownerId", "checksum") WHERE "libraryId" IS NULL DO NOTHING
				RETURNING "id"
			)
			INSERT INTO "asset_exif" ("assetId", "fileSizeInByte")
			SELECT "id", ${BigInt(asset.sizeBytes)} FROM inserted`;
		return count > 0;
	}

	/** Replaces the checksum of an asset that is about to be removed; returns whether there was one. */
	async #giveWay({ ownerId, checksum }: NewAsset): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			UPDATE "asset" SET "checksum" = ${randomBytes(20)}
			WHERE "ownerId" = ${ownerId}::uuid AND "checksum" = ${Buffer.from(checksum)} AND "libraryId" IS NULL AND "status" = 'deleted'`;
		return count > 0;
	}

	/** Lets an individual link show an asset. */
	async addToLink(assetId: string, linkId: string): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO "shared_link_asset" ("assetId", "sharedLinkId") VALUES (${assetId}::uuid, ${linkId}::uuid)
			ON CONFLICT DO NOTHING`;
	}

	/** Finds the motion part of a photo. */
	async findMotionPart(photoId: string): Promise<string | null> {
		const photo = await this.#prisma.asset.findUnique({ where: { id: photoId }, select: { livePhotoVideoId: true } });
		return photo?.livePhotoVideoId ?? null;
	}

	/** Shows the former motion part of a photo where the photo is. */
	async showBeside(videoId: string, photoId: string): Promise<void> {
		await this.#prisma.$executeRaw`
			UPDATE "asset" AS video SET "visibility" = photo."visibility" FROM "asset" AS photo
			WHERE video."id" = ${videoId}::uuid AND photo."id" = ${photoId}::uuid AND video."ownerId" = photo."ownerId"`;
	}

	/** Whether an asset is a video of this user. */
	async isVideoOf(id: string, ownerId: string): Promise<boolean> {
		return (await this.#prisma.asset.count({ where: { id, ownerId, type: 'VIDEO', status: 'active' } })) > 0;
	}

	/** Adds the motion parts of these photos, which follow them. */
	async withMotionParts(ids: readonly string[]): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT "id" FROM "asset" WHERE "id" ${isListed(ids)}
			UNION
			SELECT motion."id" FROM "asset" AS photo
				JOIN "asset" AS motion ON motion."id" = photo."livePhotoVideoId" AND motion."ownerId" = photo."ownerId"
			WHERE photo."id" ${isListed(ids)}`;
		return rows.map(({ id }) => id);
	}

	/** Tells the owners' apps of a change of assets; in a transaction, only if that commits. */
	async announce(kind: 'upload' | 'update' | 'hide', ids: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw(
			announcements(kind, Prisma.sql`SELECT "id", "ownerId", "visibility" FROM "asset" WHERE "id" ${isListed(ids)}`)
		);
	}

	async update(ids: readonly string[], changes: AssetChanges): Promise<void> {
		if (Object.keys(changes).length > 0)
			await this.#prisma.asset.updateMany({ where: { id: { in: [...ids] } }, data: changes });
	}

	/** Moves when assets were taken. */
	async shiftTime(ids: readonly string[], minutes: number): Promise<void> {
		const shift = Prisma.sql`make_interval(mins => ${minutes}::int)`;
		await this.#prisma.$executeRaw`
			UPDATE "asset_exif" AS exif SET "dateTimeOriginal" = coalesce(exif."dateTimeOriginal", asset."fileCreatedAt") + ${shift}
			FROM "asset" WHERE asset."id" = exif."assetId" AND asset."id" ${isListed(ids)}`;
		await this.#prisma.$executeRaw`
			UPDATE "asset" SET "fileCreatedAt" = "fileCreatedAt" + ${shift}, "localDateTime" = "localDateTime" + ${shift}
			WHERE "id" ${isListed(ids)}`;
	}

	/** Sets the time zone where assets were taken: the moment stays, the time on the clock changes. */
	async setTimeZone(ids: readonly string[], timeZone: string): Promise<void> {
		await this.#prisma.$executeRaw`
			UPDATE "asset" SET "localDateTime" = ("fileCreatedAt" AT TIME ZONE ${timeZone}) AT TIME ZONE 'UTC'
			WHERE "id" ${isListed(ids)}`;
	}

	/** Lists the time zones that the database knows; slow. */
	async listTimeZones(): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ name: string }[]>`SELECT "name" FROM pg_timezone_names`;
		return rows.map(({ name }) => name);
	}

	/** Whether all of these were taken in the years 1000 to 9999, which every client can show. */
	async areTimesShowable(ids: readonly string[]): Promise<boolean> {
		const [outside] = await this.#prisma.$queryRaw<unknown[]>`
			SELECT 1 FROM "asset" WHERE "id" ${isListed(ids)} AND (
				least("fileCreatedAt", "localDateTime") < '1000-01-01T00:00:00Z'
				OR greatest("fileCreatedAt", "localDateTime") >= '10000-01-01T00:00:00Z'
			) LIMIT 1`;
		return outside === undefined;
	}

	/** Changes metadata; an asset of Immich's may have no row for it yet. */
	async updateExif(ids: readonly string[], changes: ExifChanges): Promise<void> {
		if (Object.keys(changes).length === 0) return;
		await this.#prisma.$executeRaw`
			INSERT INTO "asset_exif" ("assetId") SELECT "id" FROM "asset" WHERE "id" ${isListed(ids)} ON CONFLICT DO NOTHING`;
		await this.#prisma.assetExif.updateMany({ where: { assetId: { in: [...ids] } }, data: changes });
	}

	/**
	 * Hides these assets from everyone else: they leave all albums and shared links, and are no album's cover. Comments on
	 * them there go with them.
	 */
	async unshare(ids: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`DELETE FROM "album_asset" WHERE "assetId" ${isListed(ids)}`;
		await this.#prisma.$executeRaw`DELETE FROM "shared_link_asset" WHERE "assetId" ${isListed(ids)}`;
		await this.#prisma.$executeRaw`
			UPDATE "album" SET "albumThumbnailAssetId" = NULL WHERE "albumThumbnailAssetId" ${isListed(ids)}`;
	}

	/** Adds a file of an asset, or replaces it. */
	async setFile(assetId: string, type: AssetFileType, path: string): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO "asset_file" ("assetId", "type", "path") VALUES (${assetId}::uuid, ${type}, ${path})
			ON CONFLICT ("assetId", "type", "isEdited") DO UPDATE SET "path" = EXCLUDED."path"`;
	}

	/** Lists images without a thumbnail, after an ID. */
	async listWithoutThumbnail(afterId: string | null, limit: number): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT asset."id" FROM "asset"
			WHERE (${afterId}::uuid IS NULL OR asset."id" > ${afterId}::uuid) AND asset."type" = 'IMAGE' AND asset."status" <> 'deleted'
				AND NOT EXISTS (SELECT FROM "asset_file" AS file WHERE file."assetId" = asset."id" AND file."type" = 'thumbnail')
			ORDER BY asset."id" LIMIT ${limit}`;
		return rows.map(({ id }) => id);
	}
}
