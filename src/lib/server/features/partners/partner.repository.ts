import type { PartnerDirection } from '#lib/contract/partners/partner.ts';
import { type PublicUser, publicUserColumns } from '#lib/server/features/users/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** A partnership as one of the two sees it. */
export interface PartnerRow {
	/** The other one. */
	readonly user: PublicUser;
	readonly inTimeline: boolean;
}

/** Maximum number of partners listed. */
const longestPartnerList = 1_000;

/** Reads and writes rows of `partner`: one user shares the library with another. */
export class PartnerRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists a user's partners by name; deleted users are left out. */
	async list(userId: string, direction: PartnerDirection): Promise<PartnerRow[]> {
		const orderBy = [{ name: 'asc' as const }, { id: 'asc' as const }];
		const user = { select: publicUserColumns };
		const isReceiver = direction === 'shared-with';
		const rows = await this.#prisma.partner.findMany({
			where: isReceiver
				? { sharedWithId: userId, sharedBy: { deletedAt: null } }
				: { sharedById: userId, sharedWith: { deletedAt: null } },
			select: { inTimeline: true, sharedBy: user, sharedWith: user },
			orderBy: orderBy.map((order) => (isReceiver ? { sharedBy: order } : { sharedWith: order })),
			take: longestPartnerList
		});
		return rows.map(({ inTimeline, sharedBy, sharedWith }) => ({
			inTimeline,
			user: isReceiver ? sharedBy : sharedWith
		}));
	}

	/** Whether a user shares with another one, who may be deleted. */
	async exists(sharedById: string, sharedWithId: string): Promise<boolean> {
		const where = { sharedById_sharedWithId: { sharedById, sharedWithId } };
		return (await this.#prisma.partner.findUnique({ where, select: { sharedById: true } })) !== null;
	}

	/** Counts the users that a user shares with, including deleted ones. */
	count(sharedById: string): Promise<number> {
		return this.#prisma.partner.count({ where: { sharedById } });
	}

	/** Creates a partnership; false if it exists. */
	async create(sharedById: string, sharedWithId: string): Promise<boolean> {
		const data = [{ sharedById, sharedWithId }];
		return (await this.#prisma.partner.createMany({ data, skipDuplicates: true })).count > 0;
	}

	/** Returns whether this changes anything. */
	async setInTimeline(sharedById: string, sharedWithId: string, inTimeline: boolean): Promise<boolean> {
		const where = { sharedById, sharedWithId, inTimeline: !inTimeline };
		return (await this.#prisma.partner.updateMany({ where, data: { inTimeline } })).count > 0;
	}

	/** Ends a partnership; false if there is none. */
	async remove(sharedById: string, sharedWithId: string): Promise<boolean> {
		return (await this.#prisma.partner.deleteMany({ where: { sharedById, sharedWithId } })).count > 0;
	}
}
