import { type PublicUser, publicUserColumns } from '#lib/server/features/users/index.ts';
import type { AlbumRole } from '#lib/contract/albums/album.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** A member of an album. */
export interface AlbumUserRow {
	readonly albumId: string;
	readonly role: AlbumRole;
	readonly user: PublicUser;
}

/** A user who becomes a member. */
export interface NewMember {
	readonly userId: string;
	readonly role: AlbumRole;
}

/** Reads and writes rows of `album_user`. */
export class AlbumUserRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists the members of albums, by name; deleted users are left out. */
	list(albumIds: readonly string[]): Promise<AlbumUserRow[]> {
		return this.#prisma.albumUser.findMany({
			where: { albumId: { in: [...albumIds] }, user: { deletedAt: null } },
			select: { albumId: true, role: true, user: { select: publicUserColumns } },
			orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }]
		});
	}

	/** Finds a member, who may be deleted. */
	find(albumId: string, userId: string): Promise<AlbumUserRow | null> {
		return this.#prisma.albumUser.findUnique({
			where: { albumId_userId: { albumId, userId } },
			select: { albumId: true, role: true, user: { select: publicUserColumns } }
		});
	}

	/** Adds members; returns the IDs of those who weren't members already. */
	async add(albumId: string, members: readonly NewMember[]): Promise<string[]> {
		const data = members.map(({ userId, role }) => ({ albumId, userId, role }));
		const made = await this.#prisma.albumUser.createManyAndReturn({
			data,
			skipDuplicates: true,
			select: { userId: true }
		});
		return made.map(({ userId }) => userId);
	}

	async setRole(albumId: string, userId: string, role: AlbumRole): Promise<void> {
		await this.#prisma.albumUser.updateMany({ where: { albumId, userId }, data: { role } });
	}

	async remove(albumId: string, userId: string): Promise<void> {
		await this.#prisma.albumUser.deleteMany({ where: { albumId, userId } });
	}
}
