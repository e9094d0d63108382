import { isAlbumLinkLive, isLinkLive, isSharable, isShownByIndividualLink } from '#lib/server/features/access/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type {
	SharedLinkIdentity,
	LinkName,
	SharedLinkRow,
	SharedLinkSummaryRow,
	SharedLinkValues,
	SharedLinkFilter,
	ShownPlace
} from './shared-link-rows.ts';

const { sql } = Prisma;

/** An individual link ends with the last asset that its creator may share; without any assets it can be uploaded to. */
const showsAssets = sql`(
	NOT EXISTS (SELECT FROM "shared_link_asset" AS entry WHERE entry."sharedLinkId" = link."id")
	OR EXISTS (
		SELECT FROM "shared_link_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
		WHERE entry."sharedLinkId" = link."id" AND ${isShownByIndividualLink}
	)
)`;

/** The link in `link`, whose album is in `album`, still shows something. */
const isOpen = sql`${isLinkLive} AND CASE link."type"
	WHEN 'ALBUM' THEN ${isAlbumLinkLive}
	WHEN 'INDIVIDUAL' THEN ${showsAssets}
	ELSE false
END`;

const columns = sql`link."id", link."type", link."key", link."slug", link."userId", link."description",
	link."password" IS NOT NULL AS "hasPassword", link."albumId", link."createdAt", link."expiresAt",
	link."allowUpload", link."allowDownload", link."showExif" AS "showMetadata"`;

/** The photos and videos that the link in `link` shows; a motion part isn't shown on its own. */
const shown = sql`
	SELECT asset."id", asset."localDateTime" FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
	WHERE link."type" = 'ALBUM' AND entry."albumId" = link."albumId" AND asset."visibility" <> 'hidden' AND ${isSharable}
	UNION ALL
	SELECT asset."id", asset."localDateTime" FROM "shared_link_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
	WHERE link."type" = 'INDIVIDUAL' AND entry."sharedLinkId" = link."id" AND asset."visibility" <> 'hidden'
		AND ${isShownByIndividualLink}`;

/** Reads and writes rows of `shared_link`. */
export class SharedLinkRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Finds the link that a visitor names; null if it has expired, or its creator may no longer share what it shows. */
	async findIdentity(name: LinkName): Promise<SharedLinkIdentity | null> {
		const isNamed = 'key' in name ? sql`link."key" = ${Buffer.from(name.key)}` : sql`link."slug" = ${name.slug}`;
		const [found] = await this.#prisma.$queryRaw<SharedLinkIdentity[]>`
			SELECT link."id" AS "linkId", link."albumId", link."password" AS "passwordHash", link."allowUpload",
				link."allowDownload" AND link."showExif" AS "allowDownload", link."showExif" AS "showMetadata", creator."id" AS "userId", creator."email",
				creator."name", creator."isAdmin", creator."avatarColor", creator."profileImagePath", creator."profileChangedAt"
			FROM "shared_link" AS link JOIN "user" AS creator ON creator."id" = link."userId"
				LEFT JOIN "album" ON album."id" = link."albumId"
			WHERE ${isNamed} AND ${isOpen}`;
		return found ?? null;
	}

	/** Finds a link of this user. */
	async find(userId: string, id: string): Promise<SharedLinkRow | null> {
		const [row] = await this.list({ userId, id, limit: 1 });
		return row ?? null;
	}

	/** Finds a link of this user and locks it until the transaction ends. */
	async lock(userId: string, id: string): Promise<SharedLinkRow | null> {
		const [row] = await this.#prisma.$queryRaw<SharedLinkRow[]>`
			SELECT ${columns} FROM "shared_link" AS link
			WHERE link."id" = ${id}::uuid AND link."userId" = ${userId}::uuid FOR UPDATE`;
		return row ?? null;
	}

	/** Returns the hash of a link's password; null without one. */
	async findPasswordHash(id: string): Promise<string | null> {
		const row = await this.#prisma.sharedLink.findUnique({ where: { id }, select: { password: true } });
		return row?.password ?? null;
	}

	/** Lists links, newest first. */
	list(filter: SharedLinkFilter): Promise<SharedLinkRow[]> {
		return this.#prisma.$queryRaw<SharedLinkRow[]>`
			SELECT ${columns} FROM "shared_link" AS link WHERE ${matches(filter)} ${newestFirst(filter)}`;
	}

	/** The same, with what each link shows and how often it was opened. */
	listSummaries(filter: SharedLinkFilter): Promise<SharedLinkSummaryRow[]> {
		return this.#prisma.$queryRaw<SharedLinkSummaryRow[]>`
			SELECT ${columns}, album."albumName", counted."assetCount", counted."thumbnailAssetId",
				coalesce(visited."visits", 0) AS "visits", visited."lastVisitDay",
				CASE WHEN link."expiresAt" <= now() THEN 'expired' WHEN ${isOpen} THEN 'live' ELSE 'ended' END AS "state"
			FROM "shared_link" AS link LEFT JOIN "album" ON album."id" = link."albumId",
				LATERAL (
					SELECT count(*)::int AS "assetCount",
						(array_agg(shown."id" ORDER BY shown."localDateTime" DESC, shown."id"))[1] AS "thumbnailAssetId"
					FROM (${shown}) AS shown
				) AS counted,
				LATERAL (
					SELECT sum(visit."count")::int AS "visits", max(visit."day")::text AS "lastVisitDay"
					FROM immich_auth.shared_link_visit AS visit WHERE visit."linkId" = link."id"
				) AS visited
			WHERE ${matches(filter)} ${newestFirst(filter)}`;
	}

	/** Returns how many links a user has. */
	count(userId: string): Promise<number> {
		return this.#prisma.sharedLink.count({ where: { userId } });
	}

	/** Lists what links show, for each one newest first. */
	listShownAssets(linkIds: readonly string[]): Promise<{ linkId: string; assetId: string }[]> {
		return this.#prisma.$queryRaw`
			SELECT link."id" AS "linkId", shown."id" AS "assetId"
			FROM "shared_link" AS link, LATERAL (${shown}) AS shown
			WHERE link."id" = ANY(${[...linkIds]}::uuid[])
			ORDER BY shown."localDateTime" DESC, shown."id" DESC`;
	}

	/** Lists so many of the assets that a link shows, newest first. */
	async listShown(linkId: string, limit: number, offset = 0): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ id: string }[]>`
			SELECT shown."id" FROM "shared_link" AS link, LATERAL (${shown}) AS shown
			WHERE link."id" = ${linkId}::uuid
			ORDER BY shown."localDateTime" DESC, shown."id" DESC LIMIT ${limit} OFFSET ${offset}`;
		return rows.map(({ id }) => id);
	}

	/** Finds an asset that a link shows, with its place among the others; null if the link doesn't show it. */
	async findShown(linkId: string, id: string): Promise<ShownPlace | null> {
		const [row] = await this.#prisma.$queryRaw<ShownPlace[]>`
			SELECT * FROM (
				SELECT shown."id", (row_number() OVER newest)::int - 1 AS "index",
					lag(shown."id") OVER newest AS "previousId", lead(shown."id") OVER newest AS "nextId"
				FROM "shared_link" AS link, LATERAL (${shown}) AS shown WHERE link."id" = ${linkId}::uuid
				WINDOW newest AS (ORDER BY shown."localDateTime" DESC, shown."id" DESC)
			) AS placed WHERE "id" = ${id}::uuid`;
		return row ?? null;
	}

	/** Returns how many assets a link shows. */
	async countShown(linkId: string): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ count: number }[]>`
			SELECT count(*)::int AS "count" FROM "shared_link" AS link, LATERAL (${shown}) AS shown
			WHERE link."id" = ${linkId}::uuid`;
		return row?.count ?? 0;
	}

	/** Creates a link and returns its ID. */
	async create(
		owned: Pick<SharedLinkRow, 'userId' | 'type' | 'albumId' | 'key'>,
		{ passwordHash, showMetadata, ...values }: SharedLinkValues
	): Promise<string> {
		const data = { ...owned, key: Buffer.from(owned.key), ...values, password: passwordHash, showExif: showMetadata };
		return (await this.#prisma.sharedLink.create({ data, select: { id: true } })).id;
	}

	/** Changes the given values of a link. */
	async update(id: string, { passwordHash, showMetadata, ...values }: Partial<SharedLinkValues>): Promise<void> {
		await this.#prisma.sharedLink.update({
			where: { id },
			data: {
				...values,
				...(passwordHash !== undefined && { password: passwordHash }),
				...(showMetadata !== undefined && { showExif: showMetadata })
			},
			select: { id: true }
		});
	}

	async delete(id: string): Promise<void> {
		await this.#prisma.sharedLink.deleteMany({ where: { id } });
	}

	/** Returns how many assets a link has, also those that it no longer shows. */
	countAssets(linkId: string): Promise<number> {
		return this.#prisma.sharedLinkAsset.count({ where: { sharedLinkId: linkId } });
	}

	/** Adds assets to an individual link, and returns the IDs of those that it didn't have. */
	async addAssets(linkId: string, assetIds: readonly string[]): Promise<string[]> {
		const added = await this.#prisma.$queryRaw<{ assetId: string }[]>`
			INSERT INTO "shared_link_asset" ("sharedLinkId", "assetId")
			SELECT DISTINCT ${linkId}::uuid, "id" FROM unnest(${[...assetIds]}::uuid[]) AS sent("id")
			ON CONFLICT DO NOTHING RETURNING "assetId"`;
		return added.map(({ assetId }) => assetId);
	}

	/** Removes assets from an individual link, and returns the IDs of those that it had. */
	async removeAssets(linkId: string, assetIds: readonly string[]): Promise<string[]> {
		const removed = await this.#prisma.$queryRaw<{ assetId: string }[]>`
			DELETE FROM "shared_link_asset" WHERE "sharedLinkId" = ${linkId}::uuid AND "assetId" = ANY(${[...assetIds]}::uuid[])
			RETURNING "assetId"`;
		return removed.map(({ assetId }) => assetId);
	}

	/** Counts that a link was opened. */
	async countVisit(linkId: string): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.shared_link_visit AS visit ("linkId", "day", "count")
			SELECT link."id", (now() AT TIME ZONE 'UTC')::date, 1 FROM "shared_link" AS link WHERE link."id" = ${linkId}::uuid
			ON CONFLICT ("linkId", "day") DO UPDATE SET "count" = visit."count" + 1`;
	}
}

function matches({ userId, id, albumId, afterId }: SharedLinkFilter): Prisma.Sql {
	const conditions = [
		sql`link."userId" = ${userId}::uuid`,
		...(id === undefined ? [] : [sql`link."id" = ${id}::uuid`]),
		...(albumId === undefined ? [] : [sql`link."albumId" = ${albumId}::uuid`]),
		...(afterId === undefined
			? []
			: [
					sql`(link."createdAt", link."id") < (
						SELECT earlier."createdAt", earlier."id" FROM "shared_link" AS earlier
						WHERE earlier."id" = ${afterId}::uuid AND earlier."userId" = ${userId}::uuid
					)`
				])
	];
	return Prisma.join(conditions, ' AND ');
}

const newestFirst = ({ limit }: SharedLinkFilter): Prisma.Sql =>
	sql`ORDER BY link."createdAt" DESC, link."id" DESC LIMIT ${limit}`;
