import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { changeAndAnnounce } from './asset-announcement.sql.ts';

const isListed = (ids: readonly string[]) => Prisma.sql`= ANY(${[...ids]}::uuid[])`;

const restoration = Prisma.sql`
	UPDATE "asset" SET "deletedAt" = NULL, "status" = 'active' WHERE "deletedAt" IS NOT NULL AND "status" <> 'deleted'`;

/** What a user reaches of the own assets. */
const isOwn = (ownerId: string, isElevated: boolean) =>
	Prisma.sql`"ownerId" = ${ownerId}::uuid AND (${isElevated} OR "visibility" <> 'locked')`;

/** Moves rows of `asset` to the trash, back, and out of the database. */
export class AssetTrashRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Moves assets to the trash, and returns how many weren't there. */
	trash(ids: readonly string[]): Promise<number> {
		return this.#change(
			'trash',
			Prisma.sql`UPDATE "asset" SET "deletedAt" = now(), "status" = 'trashed' WHERE "id" ${isListed(ids)} AND "deletedAt" IS NULL`
		);
	}

	/** Restores those of the assets that are in the trash, and returns how many. */
	restore(ids: readonly string[]): Promise<number> {
		return this.#change('restore', Prisma.sql`${restoration} AND "id" ${isListed(ids)}`);
	}

	/** Restores a user's whole trash, but not locked assets unless elevated, and returns how many there were. */
	restoreAll(ownerId: string, isElevated: boolean): Promise<number> {
		return this.#change('restore', Prisma.sql`${restoration} AND ${isOwn(ownerId, isElevated)}`);
	}

	/** Marks assets for removal, which a job does, and returns how many. Nothing shows them from now on. */
	markDeleted(ids: readonly string[]): Promise<number> {
		return this.#change(
			'delete',
			Prisma.sql`UPDATE "asset" SET "deletedAt" = coalesce("deletedAt", now()), "status" = 'deleted'
				WHERE "id" ${isListed(ids)} AND "status" <> 'deleted'`
		);
	}

	/** The same for a user's whole trash, but not locked assets unless elevated. */
	markTrashDeleted(ownerId: string, isElevated: boolean): Promise<number> {
		return this.#change(
			'delete',
			Prisma.sql`UPDATE "asset" SET "status" = 'deleted'
				WHERE "deletedAt" IS NOT NULL AND "status" <> 'deleted' AND ${isOwn(ownerId, isElevated)}`
		);
	}

	/** Marks a chunk of what has been in the trash since before a time, and returns how many. */
	markExpired(before: Date, limit: number): Promise<number> {
		return this.#change(
			'delete',
			Prisma.sql`UPDATE "asset" SET "status" = 'deleted' WHERE "id" IN (
				SELECT "id" FROM "asset" WHERE "deletedAt" < ${before} AND "status" = 'trashed' ORDER BY "deletedAt" LIMIT ${limit}
			)`
		);
	}

	/** Makes a change, tells the owners' apps, and returns how many assets have changed. */
	async #change(kind: 'trash' | 'restore' | 'delete', update: Prisma.Sql): Promise<number> {
		const [changed] = await this.#prisma.$queryRaw<{ count: number }[]>(
			changeAndAnnounce(kind, Prisma.sql`${update} RETURNING "id", "ownerId", "visibility"`)
		);
		return changed?.count ?? 0;
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

	/** Lists the files of a user's assets outside libraries, by ID. */
	async listPaths(ownerId: string, afterId: string | null, limit: number): Promise<{ id: string; paths: string[] }[]> {
		return this.#prisma.$queryRaw<{ id: string; paths: string[] }[]>`
			SELECT asset."id", array_remove(array_agg(file."path") || asset."originalPath"::text, NULL) AS "paths"
			FROM "asset" LEFT JOIN "asset_file" AS file ON file."assetId" = asset."id"
			WHERE asset."ownerId" = ${ownerId}::uuid AND asset."libraryId" IS NULL
				${afterId === null ? Prisma.empty : Prisma.sql`AND asset."id" > ${afterId}::uuid`}
			GROUP BY asset."id" ORDER BY asset."id" LIMIT ${limit}`;
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
