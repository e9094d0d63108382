import type { AlbumRole } from '#lib/contract/albums/album.ts';
import { isAlbumLive } from '#lib/server/features/access/index.ts';
import { publicUserColumns, type PublicUser } from '#lib/server/features/users/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** An album that a user owns or is a member of. */
export interface SharingAlbumRow {
	readonly id: string;
	readonly albumName: string;
	readonly role: AlbumRole;
	readonly memberCount: number;
}

/** One of the members of an album. */
export interface SharingMemberRow {
	readonly albumId: string;
	readonly role: AlbumRole;
	readonly user: PublicUser;
}

const { sql } = Prisma;

/** The albums of a user that others can see too. */
const sharedAlbums = (userId: string) => sql`
	FROM "album_user" AS membership JOIN "album" ON album."id" = membership."albumId", LATERAL (
		SELECT count(*)::int AS "memberCount" FROM "album_user" AS other JOIN "user" AS account ON account."id" = other."userId"
		WHERE other."albumId" = album."id" AND account."deletedAt" IS NULL
	) AS counted
	WHERE membership."userId" = ${userId}::uuid AND counted."memberCount" > 1 AND ${isAlbumLive}`;

/** Reads who shares what with whom, and ends it. */
export class SharingRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists the albums of a user that others can see too, by name. */
	listAlbums(userId: string, limit: number): Promise<SharingAlbumRow[]> {
		return this.#prisma.$queryRaw<SharingAlbumRow[]>`
			SELECT album."id", album."albumName", membership."role", counted."memberCount" ${sharedAlbums(userId)}
			ORDER BY album."albumName", album."id" LIMIT ${limit}`;
	}

	/** Returns how many there are. */
	async countAlbums(userId: string): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ count: number }[]>`
			SELECT count(*)::int AS "count" ${sharedAlbums(userId)}`;
		return row?.count ?? 0;
	}

	/** Lists so many members of each album, the owner first, then by name. */
	async listMembers(albumIds: readonly string[], limit: number): Promise<SharingMemberRow[]> {
		const rows = await this.#prisma.$queryRaw<({ albumId: string; role: AlbumRole } & PublicUser)[]>`
			SELECT "albumId", "role", "id", "email", "name", "profileImagePath", "avatarColor", "profileChangedAt" FROM (
				SELECT member."albumId", member."role", account.*, row_number() OVER (
					PARTITION BY member."albumId" ORDER BY member."role" <> 'owner', account."name", account."id"
				) AS "rank"
				FROM "album_user" AS member JOIN "user" AS account ON account."id" = member."userId"
				WHERE member."albumId" = ANY(${[...albumIds]}::uuid[]) AND account."deletedAt" IS NULL
			) AS ranked WHERE "rank" <= ${limit} ORDER BY "rank"`;
		return rows.map(({ albumId, role, ...user }) => ({ albumId, role, user }));
	}

	/** Lists the users whom a user shares their library with, or who share theirs with them, by name. */
	async listPartners(userId: string, direction: 'sharedWith' | 'sharedBy', limit: number): Promise<PublicUser[]> {
		const isWith = direction === 'sharedWith';
		return this.#prisma.user.findMany({
			where: {
				deletedAt: null,
				...(isWith
					? { partnersWith: { some: { sharedById: userId } } }
					: { partnersBy: { some: { sharedWithId: userId } } })
			},
			select: publicUserColumns,
			orderBy: [{ name: 'asc' }, { id: 'asc' }],
			take: limit
		});
	}

	/** Returns an album's name and the user's role in it, locked until the transaction ends. */
	async lockMembership(albumId: string, userId: string): Promise<{ albumName: string; role: AlbumRole } | null> {
		const [row] = await this.#prisma.$queryRaw<{ albumName: string; role: AlbumRole }[]>`
			SELECT album."albumName", membership."role"
			FROM "album_user" AS membership JOIN "album" ON album."id" = membership."albumId"
			WHERE membership."albumId" = ${albumId}::uuid AND membership."userId" = ${userId}::uuid FOR UPDATE OF membership`;
		return row ?? null;
	}

	async removeMember(albumId: string, userId: string): Promise<void> {
		await this.#prisma.albumUser.deleteMany({ where: { albumId, userId } });
	}

	/** Ends the sharing of a library; returns false if it wasn't shared. */
	async endPartnership(sharedById: string, sharedWithId: string): Promise<boolean> {
		return (await this.#prisma.partner.deleteMany({ where: { sharedById, sharedWithId } })).count > 0;
	}
}
