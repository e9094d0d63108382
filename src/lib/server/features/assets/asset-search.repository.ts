import type { MetadataSearch } from '#lib/contract/assets/asset-search.ts';
import { isLinkLive, isSharable, isShownByIndividualLink } from '#lib/server/features/access/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** What a search covers. Whether the caller may see it has been checked. */
export type SearchScope =
	| { readonly kind: 'own'; readonly userId: string }
	| { readonly kind: 'albums'; readonly albumIds: readonly string[] }
	| { readonly kind: 'link'; readonly linkId: string };

const { sql } = Prisma;

const toPattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Finds assets by what is known of them. */
export class AssetSearchRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists IDs by the time taken; one more than `size` if there are more. */
	async list(scope: SearchScope, search: MetadataSearch): Promise<string[]> {
		const order = search.order === 'asc' ? sql`ASC` : sql`DESC`;
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT asset."id" FROM "asset" LEFT JOIN "asset_exif" AS exif ON exif."assetId" = asset."id"
			WHERE ${Prisma.join([whose(scope), ...listConditions(search)], ' AND ')}
			ORDER BY asset."localDateTime" ${order}, asset."id" ${order}
			LIMIT ${search.size + 1} OFFSET ${(search.page - 1) * search.size}`;
		return rows.map(({ id }) => id);
	}
}

function whose(scope: SearchScope): Prisma.Sql {
	switch (scope.kind) {
		case 'own':
			return sql`asset."ownerId" = ${scope.userId}::uuid`;
		case 'albums':
			// In all of the albums, as in Immich.
			return sql`${isSharable} AND ${Prisma.join(
				scope.albumIds.map(
					(id) => sql`asset."id" IN (SELECT "assetId" FROM "album_asset" WHERE "albumId" = ${id}::uuid)`
				),
				' AND '
			)}`;
		case 'link':
			return sql`EXISTS (
				SELECT FROM "shared_link_asset" AS entry JOIN "shared_link" AS link ON link."id" = entry."sharedLinkId"
				WHERE entry."assetId" = asset."id" AND link."id" = ${scope.linkId}::uuid AND link."type" = 'INDIVIDUAL'
					AND ${isLinkLive} AND ${isShownByIndividualLink}
			)`;
	}
}

const textColumns = ['city', 'state', 'country', 'make', 'model', 'lensModel', 'rating'] as const;
const toColumn = (name: string) => Prisma.raw(`"${name}"`);

function listConditions(search: MetadataSearch): Prisma.Sql[] {
	const { visibility, type, id, checksum, originalFileName, description } = search;
	const conditions = [
		sql`asset."status" <> 'deleted'`,
		visibility === undefined
			? sql`asset."visibility" IN ('timeline', 'archive')`
			: sql`asset."visibility" = ${visibility}::asset_visibility_enum`
	];
	const add = (condition: Prisma.Sql) => conditions.push(condition);
	if (search.withDeleted !== true && search.trashedAfter === undefined && search.trashedBefore === undefined)
		add(sql`asset."deletedAt" IS NULL`);
	if (type !== undefined) add(sql`asset."type" = ${type}`);
	if (id !== undefined) add(sql`asset."id" = ${id}::uuid`);
	if (checksum !== undefined)
		add(sql`asset."checksum" = ${Buffer.from(checksum, checksum.length === 40 ? 'hex' : 'base64')}`);
	if (search.isFavorite !== undefined) add(sql`asset."isFavorite" = ${search.isFavorite}`);
	if (search.isOffline !== undefined) add(sql`asset."isOffline" = ${search.isOffline}`);
	if (search.isMotion !== undefined) add(sql`(asset."livePhotoVideoId" IS NOT NULL) = ${search.isMotion}`);
	if (search.isNotInAlbum === true)
		add(sql`NOT EXISTS (SELECT FROM "album_asset" AS entry WHERE entry."assetId" = asset."id")`);
	if (originalFileName !== undefined) add(sql`asset."originalFileName" ILIKE ${toPattern(originalFileName)}`);
	if (description !== undefined) add(sql`exif."description" ILIKE ${toPattern(description)}`);
	for (const name of textColumns) {
		const wanted = search[name];
		if (wanted === null) add(sql`exif.${toColumn(name)} IS NULL`);
		else if (wanted !== undefined) add(sql`exif.${toColumn(name)} = ${wanted}`);
	}
	const moments = [
		['fileCreatedAt', search.takenAfter, search.takenBefore],
		['createdAt', search.createdAfter, search.createdBefore],
		['updatedAt', search.updatedAfter, search.updatedBefore],
		['deletedAt', search.trashedAfter, search.trashedBefore]
	] as const;
	for (const [name, after, before] of moments) {
		if (after !== undefined) add(sql`asset.${toColumn(name)} >= ${new Date(after)}`);
		if (before !== undefined) add(sql`asset.${toColumn(name)} <= ${new Date(before)}`);
	}
	return conditions;
}
