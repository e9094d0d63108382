import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** What identifies a note. */
export interface MetadataName {
	readonly assetId: string;
	readonly key: string;
}

/** What an app notes about an asset. */
export interface MetadataItem extends MetadataName {
	readonly value: Readonly<Record<string, unknown>>;
}

/** A note as it is stored: the value may come from Immich. */
export interface MetadataRow extends MetadataName {
	readonly value: unknown;
	readonly updatedAt: Date;
}

/** How many notes one asset can have, and how large they can be together. */
export const mostNotes = 1_000;
const mostNoteBytes = 1024 * 1024;

/** Reads and writes rows of `asset_metadata`. Whether a caller may see or change them is decided by the access rules. */
export class AssetMetadataRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists the notes about an asset by key. */
	list(assetId: string): Promise<MetadataRow[]> {
		return this.#prisma.assetMetadata.findMany({ where: { assetId }, orderBy: { key: 'asc' }, take: mostNotes });
	}

	find(assetId: string, key: string): Promise<MetadataRow | null> {
		return this.#prisma.assetMetadata.findUnique({ where: { assetId_key: { assetId, key } } });
	}

	/** Stores notes, each about something else, and returns them in their order. */
	set(items: readonly MetadataItem[]): Promise<MetadataRow[]> {
		return this.#prisma.$queryRaw<MetadataRow[]>`
			WITH sent AS (
				SELECT * FROM ROWS FROM (
					jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS ("assetId" uuid, "key" text, "value" jsonb)
				) WITH ORDINALITY AS item ("assetId", "key", "value", "position")
			), stored AS (
				INSERT INTO "asset_metadata" ("assetId", "key", "value") SELECT "assetId", "key", "value" FROM sent
				ON CONFLICT ("assetId", "key") DO UPDATE SET "value" = excluded."value"
				RETURNING "assetId", "key", "value", "updatedAt"
			)
			SELECT stored.* FROM stored JOIN sent USING ("assetId", "key") ORDER BY sent."position"`;
	}

	/** Whether any of these assets has too many notes. */
	async isOverLimit(assetIds: readonly string[]): Promise<boolean> {
		const rows = await this.#prisma.$queryRaw<unknown[]>`
			SELECT 1 FROM "asset_metadata" WHERE "assetId" = ANY(${[...assetIds]}::uuid[])
			GROUP BY "assetId" HAVING count(*) > ${mostNotes} OR sum(octet_length("value"::text)) > ${mostNoteBytes} LIMIT 1`;
		return rows.length > 0;
	}

	/** Removes notes; returns how many there were. */
	async remove(names: readonly MetadataName[]): Promise<number> {
		return this.#prisma.$executeRaw`
			DELETE FROM "asset_metadata" USING unnest(
				${names.map(({ assetId }) => assetId)}::uuid[], ${names.map(({ key }) => key)}::text[]
			) AS sent ("assetId", "key")
			WHERE "asset_metadata"."assetId" = sent."assetId" AND "asset_metadata"."key" = sent."key"`;
	}
}
