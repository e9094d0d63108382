import type { AlbumRole } from '#lib/contract/albums/album.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** Whose access is checked. */
export interface Subject {
	readonly userId: string;
	/** Whether locked assets are within reach. */
	readonly isElevated: boolean;
	/** The shared link that the user's rights are limited to. */
	readonly linkId: string | null;
}

/** Selects the IDs, among `ids`, of the objects that are in one relation to the subject. */
export type Relation = (ids: Prisma.Sql, subject: Subject) => Prisma.Sql;

/** The same for the members of albums in some roles, with one look at them. */
type RoleRelation = (ids: Prisma.Sql, subject: Subject, roles: Prisma.Sql) => Prisma.Sql;

/** The relation of an album's member in one role. */
export interface MemberRelation {
	readonly role: AlbumRole;
	readonly select: RoleRelation;
}

/** Each role is a relation of its own. */
const byRole = (select: RoleRelation) =>
	({
		albumOwner: { role: 'owner', select },
		albumEditor: { role: 'editor', select },
		albumViewer: { role: 'viewer', select }
	}) as const;

const { sql } = Prisma;

/** Not in the trash and not locked; the owner isn't deleted. Nothing else of `asset` is ever shown to others. */
export const isSharable = sql`
	asset."deletedAt" IS NULL AND asset."visibility" <> 'locked'
	AND EXISTS (SELECT FROM "user" AS "assetOwner" WHERE "assetOwner"."id" = asset."ownerId" AND "assetOwner"."deletedAt" IS NULL)`;

/** The album in `album` isn't deleted, and neither is its owner. */
export const isAlbumLive = sql`
	album."deletedAt" IS NULL AND EXISTS (
		SELECT FROM "album_user" AS "ownership" JOIN "user" AS "albumOwner" ON "albumOwner"."id" = "ownership"."userId"
		WHERE "ownership"."albumId" = album."id" AND "ownership"."role" = 'owner' AND "albumOwner"."deletedAt" IS NULL
	)`;

/**
 * Reads the wanted assets once: `wanted_asset`, and in `photo` each with the photo that decides about it. That is the asset
 * itself, or for a motion part, which is a hidden asset, the photo that it belongs to.
 */
const wantedAssets = (ids: Prisma.Sql): Prisma.Sql => sql`
	wanted_asset AS MATERIALIZED (
		SELECT "id", "ownerId", "visibility", "status", "deletedAt" FROM "asset" WHERE "id" = ANY(${ids})
	),
	photo AS MATERIALIZED (
		SELECT "id" AS "wantedId", "id", "ownerId", "visibility", "deletedAt" FROM wanted_asset WHERE "visibility" <> 'hidden'
		UNION ALL
		SELECT wanted_asset."id", owning."id", owning."ownerId", owning."visibility", owning."deletedAt"
		FROM wanted_asset JOIN "asset" AS owning ON owning."livePhotoVideoId" = wanted_asset."id"
		WHERE wanted_asset."visibility" = 'hidden' AND wanted_asset."deletedAt" IS NULL
	)`;

/** The owner; a locked photo locks its motion part. `NOT IN` is looked up in a hash table, `NOT EXISTS` would compare all pairs. */
const ownAsset =
	(locked: 'ifElevated' | 'never'): Relation =>
	(_, { userId, isElevated }) => sql`
		SELECT asset."id" FROM wanted_asset AS asset
		WHERE asset."ownerId" = ${userId}::uuid AND asset."status" <> 'deleted' ${
			locked === 'ifElevated' && isElevated
				? Prisma.empty
				: sql`AND asset."visibility" <> 'locked' AND asset."id" NOT IN (
					SELECT photo."wantedId" FROM photo WHERE photo."visibility" = 'locked'
				)`
		}`;

/**
 * Reads each album once, regardless of how many of the assets it contains. `IS TRUE` keeps PostgreSQL from comparing each entry
 * with each album, which it prefers because it can't tell how many rows the two have: it looks them up in a hash table instead.
 */
const assetOfAlbum: RoleRelation = (_, { userId }, roles) => sql`
	(WITH entry AS MATERIALIZED (
		SELECT asset."wantedId", "album_asset"."albumId" FROM photo AS asset
		JOIN "album_asset" ON "album_asset"."assetId" = asset."id" WHERE ${isSharable}
	), mine AS MATERIALIZED (
		SELECT album."id" FROM (SELECT DISTINCT "albumId" FROM entry) AS containing
			JOIN "album" ON album."id" = containing."albumId"
			JOIN "album_user" AS member ON member."albumId" = album."id"
		WHERE member."userId" = ${userId}::uuid AND member."role" IN (${roles}) AND ${isAlbumLive}
	)
	SELECT entry."wantedId" AS "id" FROM entry WHERE (entry."albumId" IN (SELECT mine."id" FROM mine)) IS TRUE)`;

/** Only the timeline: archived assets are the owner's own. */
const assetOfPartner: Relation = (_, { userId }) => sql`
	SELECT asset."wantedId" AS "id" FROM photo AS asset JOIN "partner" ON partner."sharedById" = asset."ownerId"
	WHERE partner."sharedWithId" = ${userId}::uuid AND asset."visibility" = 'timeline' AND ${isSharable}`;

/**
 * What the link in `link` still shows: its creator must still have `asset.share` or `album.share`. The creator, not a
 * visitor, is `link."userId"`.
 */
export const isShownByIndividualLink = sql`${isSharable} AND (
	asset."ownerId" = link."userId" OR (
		asset."visibility" = 'timeline' AND EXISTS (
			SELECT FROM "partner" WHERE partner."sharedById" = asset."ownerId" AND partner."sharedWithId" = link."userId"
		)
	)
)`;

/** The creator of `link` may still share its album. */
export const isAlbumLinkLive = sql`${isAlbumLive} AND EXISTS (
	SELECT FROM "album_user" AS "creator" WHERE "creator"."albumId" = album."id"
		AND "creator"."userId" = link."userId" AND "creator"."role" IN ('owner', 'editor')
)`;

/** The link hasn't expired, and its creator isn't deleted. */
export const isLinkLive = sql`
	(link."expiresAt" IS NULL OR link."expiresAt" > now())
	AND EXISTS (SELECT FROM "user" AS "linkOwner" WHERE "linkOwner"."id" = link."userId" AND "linkOwner"."deletedAt" IS NULL)`;

const assetOfLink: Relation = (_, { linkId }) => sql`
	SELECT asset."wantedId" AS "id" FROM photo AS asset JOIN "shared_link_asset" AS entry ON entry."assetId" = asset."id"
		JOIN "shared_link" AS link ON link."id" = entry."sharedLinkId"
	WHERE link."id" = ${linkId}::uuid AND link."type" = 'INDIVIDUAL' AND ${isLinkLive} AND ${isShownByIndividualLink}
	UNION ALL
	(WITH shown AS MATERIALIZED (
		SELECT album."id" FROM "shared_link" AS link JOIN "album" ON album."id" = link."albumId"
		WHERE link."id" = ${linkId}::uuid AND link."type" = 'ALBUM' AND ${isLinkLive} AND ${isAlbumLinkLive}
	)
	SELECT asset."wantedId" AS "id" FROM shown JOIN "album_asset" AS entry ON entry."albumId" = shown."id"
		JOIN photo AS asset ON asset."id" = entry."assetId" WHERE ${isSharable})`;

const albumOfMember =
	(condition = Prisma.empty): RoleRelation =>
	(ids, subject, roles) => sql`
		SELECT album."id" FROM "album" JOIN "album_user" AS member ON member."albumId" = album."id"
		WHERE album."id" = ANY(${ids}) AND member."userId" = ${subject.userId}::uuid
			AND member."role" IN (${roles}) AND ${isAlbumLive} ${condition}`;

const albumOfLink: Relation = (ids, { linkId }) => sql`
	SELECT album."id" FROM "album" JOIN "shared_link" AS link ON link."albumId" = album."id"
	WHERE album."id" = ANY(${ids}) AND link."id" = ${linkId}::uuid AND link."type" = 'ALBUM'
		AND ${isLinkLive} AND ${isAlbumLinkLive}`;

const hasActivity = sql`AND album."isActivityEnabled"`;

/** Rows of a table with a `userId`. */
const ownRow =
	(table: Prisma.Sql, condition = Prisma.empty): Relation =>
	(ids, { userId }) =>
		sql`SELECT "id" FROM ${table} WHERE "id" = ANY(${ids}) AND "userId" = ${userId}::uuid ${condition}`;

/** What can be checked, and in which relations someone can be to it. */
export const relations = {
	asset: {
		owner: ownAsset('ifElevated'),
		...byRole(assetOfAlbum),
		partner: assetOfPartner,
		link: assetOfLink
	},
	/** An asset that may be shown to others: never a locked one. */
	sharableAsset: { owner: ownAsset('never'), partner: assetOfPartner },
	assetFile: {
		owner: (ids, subject) => sql`
			SELECT file."id" FROM "asset_file" AS file WHERE file."id" = ANY(${ids}) AND file."assetId" IN (
				WITH ${wantedAssets(sql`(SELECT array_agg("assetId") FROM "asset_file" WHERE "id" = ANY(${ids}))::uuid[]`)}
				${ownAsset('ifElevated')(ids, subject)}
			)`
	},
	album: { ...byRole(albumOfMember()), link: albumOfLink },
	albumWithActivity: byRole(albumOfMember(hasActivity)),
	activity: {
		author: ownRow(sql`"activity"`),
		albumOwner: (ids, { userId }) => sql`
			SELECT activity."id" FROM "activity" JOIN "album" ON album."id" = activity."albumId"
				JOIN "album_user" AS member ON member."albumId" = album."id"
			WHERE activity."id" = ANY(${ids}) AND member."userId" = ${userId}::uuid AND member."role" = 'owner' AND ${isAlbumLive}`
	},
	/** A user as the owner of a library. */
	user: {
		self: (ids, { userId }) => sql`SELECT "id" FROM "user" WHERE "id" = ANY(${ids}) AND "id" = ${userId}::uuid`,
		partner: (ids, { userId }) => sql`
			SELECT "id" FROM "user" JOIN "partner" ON partner."sharedById" = "user"."id"
			WHERE "id" = ANY(${ids}) AND partner."sharedWithId" = ${userId}::uuid AND "user"."deletedAt" IS NULL`,
		/** A visitor's upload belongs to the link's creator. */
		link: (ids, { linkId }) => sql`
			SELECT link."userId" AS "id" FROM "shared_link" AS link LEFT JOIN "album" ON album."id" = link."albumId"
			WHERE link."userId" = ANY(${ids}) AND link."id" = ${linkId}::uuid AND ${isLinkLive}
				AND (link."type" = 'INDIVIDUAL' OR (${isAlbumLinkLive}))`
	},
	/** A partnership, named by the user who shares. */
	partner: {
		receiver: (ids, { userId }) => sql`
			SELECT "user"."id" FROM "partner" JOIN "user" ON "user"."id" = partner."sharedById"
			WHERE partner."sharedById" = ANY(${ids}) AND partner."sharedWithId" = ${userId}::uuid AND "user"."deletedAt" IS NULL`
	},
	session: { owner: ownRow(sql`"session"`) },
	notification: { owner: ownRow(sql`"notification"`, sql`AND "deletedAt" IS NULL`) },
	anyNotification: { owner: ownRow(sql`"notification"`) },
	/** Assets that were found to be the same; the ID is that of the group. */
	duplicate: {
		owner: (ids, { userId }) => sql`
			SELECT asset."duplicateId" AS "id" FROM "asset"
			WHERE asset."duplicateId" = ANY(${ids}) AND asset."ownerId" = ${userId}::uuid AND asset."visibility" <> 'locked'`
	},
	stack: {
		owner: (ids, { userId }) => sql`SELECT "id" FROM "stack" WHERE "id" = ANY(${ids}) AND "ownerId" = ${userId}::uuid`
	}
} as const satisfies Readonly<Record<string, Readonly<Record<string, Relation | MemberRelation>>>>;

/** What the relations of some kinds read first, in common table expressions. */
export const preludes: Readonly<Partial<Record<ObjectKind, (ids: Prisma.Sql) => Prisma.Sql>>> = {
	asset: wantedAssets,
	sharableAsset: wantedAssets
};

export type ObjectKind = keyof typeof relations;
export type RelationsOf<Kind extends ObjectKind> = keyof (typeof relations)[Kind] & string;
