import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { type PublicUser, publicUserColumns } from './user-dto.ts';

/** Reads what every user can see of other users; deleted ones are left out. */
export class PublicUserRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Finds up to `limit` users whose name or email contains a text, by name. */
	search(text: string, exceptId: string, limit: number): Promise<PublicUser[]> {
		const contains = { contains: text, mode: 'insensitive' } as const;
		return this.#prisma.user.findMany({
			where: { deletedAt: null, id: { not: exceptId }, OR: [{ name: contains }, { email: contains }] },
			select: publicUserColumns,
			orderBy: [{ name: 'asc' }, { id: 'asc' }],
			take: limit
		});
	}

	/** Reads those with these IDs, by name. */
	list(ids: readonly string[]): Promise<PublicUser[]> {
		const where = { id: { in: [...ids] }, deletedAt: null };
		return this.#prisma.user.findMany({ where, select: publicUserColumns, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
	}
}
