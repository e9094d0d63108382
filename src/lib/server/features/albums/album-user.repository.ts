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
}
