import { isAlbumLinkLive, isLinkLive, isShownByIndividualLink } from '#lib/server/features/access/index.ts';
import type { PublicUser } from '#lib/server/features/users/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** What a share key or slug belongs to: a link that still shows something, and its creator. */
export interface SharedLinkIdentity extends Omit<PublicUser, 'id'> {
	readonly userId: string;
	readonly isAdmin: boolean;
	readonly linkId: string;
	readonly albumId: string | null;
	/** The bcrypt hash; null for a link without a password. */
	readonly passwordHash: string | null;
	readonly allowUpload: boolean;
	readonly allowDownload: boolean;
	readonly showMetadata: boolean;
}

/** How a visitor names a link. */
export type LinkName = { readonly key: Uint8Array } | { readonly slug: string };

/** An individual link ends with the last asset that its creator may share; without any assets it can be uploaded to. */
const showsAssets = Prisma.sql`(
	NOT EXISTS (SELECT FROM "shared_link_asset" AS entry WHERE entry."sharedLinkId" = link."id")
	OR EXISTS (
		SELECT FROM "shared_link_asset" AS entry JOIN "asset" ON asset."id" = entry."assetId"
		WHERE entry."sharedLinkId" = link."id" AND ${isShownByIndividualLink}
	)
)`;

/** Reads and writes rows of `shared_link`. */
export class SharedLinkRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Finds the link that a visitor names; null if it has expired, or its creator may no longer share what it shows. */
	async findIdentity(name: LinkName): Promise<SharedLinkIdentity | null> {
		const isNamed =
			'key' in name ? Prisma.sql`link."key" = ${Buffer.from(name.key)}` : Prisma.sql`link."slug" = ${name.slug}`;
		const [found] = await this.#prisma.$queryRaw<SharedLinkIdentity[]>`
			SELECT link."id" AS "linkId", link."albumId", link."password" AS "passwordHash", link."allowUpload",
				link."allowDownload", link."showExif" AS "showMetadata", creator."id" AS "userId", creator."email",
				creator."name", creator."isAdmin", creator."avatarColor", creator."profileImagePath", creator."profileChangedAt"
			FROM "shared_link" AS link JOIN "user" AS creator ON creator."id" = link."userId"
				LEFT JOIN "album" ON album."id" = link."albumId"
			WHERE ${isNamed} AND ${isLinkLive} AND CASE link."type"
				WHEN 'ALBUM' THEN ${isAlbumLinkLive}
				WHEN 'INDIVIDUAL' THEN ${showsAssets}
				ELSE false
			END`;
		return found ?? null;
	}
}
