import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

const isListed = (ids: readonly string[]) => Prisma.sql`= ANY(${[...ids]}::uuid[])`;

/** Moves rows of `asset` to the trash, back, and out of the database. */
export class AssetTrashRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Moves assets to the trash, and returns those that weren't there. */
	async trash(ids: readonly string[]): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			UPDATE "asset" SET "deletedAt" = now(), "status" = 'trashed'
			WHERE "id" ${isListed(ids)} AND "deletedAt" IS NULL RETURNING "id"`;
		return rows.map(({ id }) => id);
	}

	/** Restores those of the assets that are in the trash, and returns them. */
	async restore(ids: readonly string[]): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			UPDATE "asset" SET "deletedAt" = NULL, "status" = 'active'
			WHERE "id" ${isListed(ids)} AND "deletedAt" IS NOT NULL AND "status" <> 'deleted' RETURNING "id"`;
		return rows.map(({ id }) => id);
	}

	/** Restores a user's whole trash, but not locked assets, and returns how many there were. */
	async restoreAll(ownerId: string, isElevated: boolean): Promise<number> {
		return this.#prisma.$executeRaw`
			UPDATE "asset" SET "deletedAt" = NULL, "status" = 'active'
			WHERE "ownerId" = ${ownerId}::uuid AND "deletedAt" IS NOT NULL AND "status" <> 'deleted'
				AND (${isElevated} OR "visibility" <> 'locked')`;
	}

	/** Marks assets for removal, which a job does. Nothing shows them from now on. */
	async markDeleted(ids: readonly string[]): Promise<number> {
		return this.#prisma.$executeRaw`
			UPDATE "asset" SET "deletedAt" = coalesce("deletedAt", now()), "status" = 'deleted'
			WHERE "id" ${isListed(ids)} AND "status" <> 'deleted'`;
	}

	/** The same for a user's whole trash, but not locked assets unless elevated. */
	async markTrashDeleted(ownerId: string, isElevated: boolean): Promise<number> {
		return this.#prisma.$executeRaw`
			UPDATE "asset" SET "status" = 'deleted'
			WHERE "ownerId" = ${ownerId}::uuid AND "deletedAt" IS NOT NULL AND "status" <> 'deleted'
				AND (${isElevated} OR "visibility" <> 'locked')`;
	}

	/** Marks a chunk of what has been in the trash since before a time, and returns how many. */
	async markExpired(before: Date, limit: number): Promise<number> {
		return this.#prisma.$executeRaw`
			UPDATE "asset" SET "status" = 'deleted' WHERE "id" IN (
				SELECT "id" FROM "asset" WHERE "deletedAt" < ${before} AND "status" = 'trashed' ORDER BY "deletedAt" LIMIT ${limit}
			)`;
	}

	/** Lists assets to be removed, with all their files. */
	async listDeleted(limit: number): Promise<{ id: string; ownerId: string; paths: string[] }[]> {
		return this.#prisma.$queryRaw<{ id: string; ownerId: string; paths: string[] }[]>`
			SELECT asset."id", asset."ownerId", array_remove(
				array_agg(file."path") || CASE WHEN asset."libraryId" IS NULL THEN asset."originalPath"::text END, NULL
			) AS "paths"
			FROM "asset" LEFT JOIN "asset_file" AS file ON file."assetId" = asset."id"
			WHERE asset."status" = 'deleted' GROUP BY asset."id" ORDER BY asset."id" LIMIT ${limit}`;
	}

	/** Removes the rows of one user's marked assets, and takes their size from what the user has stored. */
	async removeDeleted(ownerId: string, ids: readonly string[]): Promise<void> {
		// Locks the user first, as an upload does.
		await this.#prisma.$executeRaw`SELECT FROM "user" WHERE "id" = ${ownerId}::uuid FOR UPDATE`;
		await this.#prisma.$executeRaw`DELETE FROM "stack" WHERE "primaryAssetId" ${isListed(ids)}`;
		await this.#prisma.$executeRaw`
			WITH sizes AS (
				SELECT coalesce(sum(exif."fileSizeInByte"), 0)::bigint AS "bytes"
				FROM "asset" JOIN "asset_exif" AS exif ON exif."assetId" = asset."id"
				WHERE asset."id" ${isListed(ids)} AND asset."status" = 'deleted' AND asset."libraryId" IS NULL
			), removed AS (
				DELETE FROM "asset" WHERE "id" ${isListed(ids)} AND "status" = 'deleted'
			)
			UPDATE "user" SET "quotaUsageInBytes" = greatest("quotaUsageInBytes" - sizes."bytes", 0)
			FROM sizes WHERE "user"."id" = ${ownerId}::uuid`;
	}

	/** Returns those of the IDs that exist. */
	async listExisting(ids: readonly string[]): Promise<ReadonlySet<string>> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`SELECT "id" FROM "asset" WHERE "id" ${isListed(ids)}`;
		return new Set(rows.map(({ id }) => id));
	}
}
