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
type Relation = (ids: Prisma.Sql, subject: Subject) => Prisma.Sql;

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

/** Who sees a photo also sees its motion part, which is a hidden asset of its own. `from` joins the photo as `asset`. */
const withMotionParts = (ids: Prisma.Sql, from: Prisma.Sql, condition: Prisma.Sql): Prisma.Sql => sql`
	SELECT asset."id" FROM ${from} WHERE asset."id" = ANY(${ids}) AND asset."visibility" <> 'hidden' AND ${condition}
	UNION ALL
	SELECT motion."id" FROM ${from} JOIN "asset" AS motion ON motion."id" = asset."livePhotoVideoId"
	WHERE motion."id" = ANY(${ids}) AND motion."visibility" <> 'locked' AND motion."deletedAt" IS NULL
		AND asset."visibility" <> 'hidden' AND ${condition}`;

/** The owner; a locked photo locks its motion part. */
const ownAsset =
	(locked: 'ifElevated' | 'never'): Relation =>
	(ids, { userId, isElevated }) => sql`
		SELECT asset."id" FROM "asset"
		WHERE asset."id" = ANY(${ids}) AND asset."ownerId" = ${userId}::uuid AND asset."status" <> 'deleted'
			${
				locked === 'ifElevated' && isElevated
					? Prisma.empty
					: sql`AND asset."visibility" <> 'locked' AND NOT EXISTS (
						SELECT FROM "asset" AS photo WHERE photo."livePhotoVideoId" = asset."id" AND photo."visibility" = 'locked'
					)`
			}`;

type AlbumRole = 'owner' | 'editor' | 'viewer';

const assetOfAlbum =
	(role: AlbumRole): Relation =>
	(ids, { userId }) =>
		withMotionParts(
			ids,
			sql`"asset" JOIN "album_asset" AS entry ON entry."assetId" = asset."id"
				JOIN "album" ON album."id" = entry."albumId"
				JOIN "album_user" AS member ON member."albumId" = album."id"`,
			sql`member."userId" = ${userId}::uuid AND member."role" = ${role}::album_user_role_enum
				AND ${isSharable} AND ${isAlbumLive}`
		);

/** Only the timeline: archived assets are the owner's own. */
const assetOfPartner: Relation = (ids, { userId }) =>
	withMotionParts(
		ids,
		sql`"asset" JOIN "partner" ON partner."sharedById" = asset."ownerId"`,
		sql`partner."sharedWithId" = ${userId}::uuid AND asset."visibility" = 'timeline' AND ${isSharable}`
	);

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

const assetOfLink: Relation = (ids, { linkId }) => sql`
	${withMotionParts(
		ids,
		sql`"asset" JOIN "shared_link_asset" AS entry ON entry."assetId" = asset."id"
			JOIN "shared_link" AS link ON link."id" = entry."sharedLinkId"`,
		sql`link."id" = ${linkId}::uuid AND link."type" = 'INDIVIDUAL' AND ${isLinkLive} AND ${isShownByIndividualLink}`
	)}
	UNION ALL
	${withMotionParts(
		ids,
		sql`"asset" JOIN "album_asset" AS entry ON entry."assetId" = asset."id"
			JOIN "album" ON album."id" = entry."albumId"
			JOIN "shared_link" AS link ON link."albumId" = album."id"`,
		sql`link."id" = ${linkId}::uuid AND link."type" = 'ALBUM' AND ${isLinkLive} AND ${isSharable} AND ${isAlbumLinkLive}`
	)}`;

const album =
	(role: AlbumRole, condition = Prisma.empty): Relation =>
	(ids, { userId }) => sql`
		SELECT album."id" FROM "album" JOIN "album_user" AS member ON member."albumId" = album."id"
		WHERE album."id" = ANY(${ids}) AND member."userId" = ${userId}::uuid
			AND member."role" = ${role}::album_user_role_enum AND ${isAlbumLive} ${condition}`;

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
		albumOwner: assetOfAlbum('owner'),
		albumEditor: assetOfAlbum('editor'),
		albumViewer: assetOfAlbum('viewer'),
		partner: assetOfPartner,
		link: assetOfLink
	},
	/** An asset that may be shown to others: never a locked one. */
	sharableAsset: { owner: ownAsset('never'), partner: assetOfPartner },
	assetFile: {
		owner: (ids, subject) => sql`
			SELECT file."id" FROM "asset_file" AS file
			WHERE file."id" = ANY(${ids}) AND file."assetId" IN (${ownAsset('ifElevated')(
				sql`(SELECT array_agg("assetId") FROM "asset_file" WHERE "id" = ANY(${ids}))::uuid[]`,
				subject
			)})`
	},
	album: {
		albumOwner: album('owner'),
		albumEditor: album('editor'),
		albumViewer: album('viewer'),
		link: albumOfLink
	},
	albumWithActivity: {
		albumOwner: album('owner', hasActivity),
		albumEditor: album('editor', hasActivity),
		albumViewer: album('viewer', hasActivity)
	},
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
} as const satisfies Readonly<Record<string, Readonly<Record<string, Relation>>>>;

export type ObjectKind = keyof typeof relations;
export type RelationsOf<Kind extends ObjectKind> = keyof (typeof relations)[Kind] & string;
