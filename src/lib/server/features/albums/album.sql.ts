import { isSharable } from '#lib/server/features/access/index.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** What every member sees of an album: no asset in the trash or the locked folder, and motion parts only with their photo. */
export const isShownInAlbum = Prisma.sql`${isSharable} AND asset."visibility" <> 'hidden'`;

/** Selects the newest photo of `album`. */
export const newestPhoto = Prisma.sql`(
	SELECT asset."id" FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
	WHERE entry."albumId" = album."id" AND ${isShownInAlbum}
	ORDER BY asset."localDateTime" DESC, asset."id" LIMIT 1
)`;

/** The cover of `album` is one of its photos, and can be shown. */
export const isCoverShown = Prisma.sql`EXISTS (
	SELECT FROM "album_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
	WHERE entry."albumId" = album."id" AND entry."assetId" = album."albumThumbnailAssetId" AND ${isShownInAlbum}
)`;
