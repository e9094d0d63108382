import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { publicUserColumns } from '#lib/server/features/users/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** All that is shown of an asset. */
export const assetDetails = {
	include: {
		exif: true,
		owner: { select: publicUserColumns },
		stack: { include: { _count: { select: { assets: true } } } }
	}
} as const satisfies Prisma.AssetDefaultArgs;

/** An asset with its metadata and owner. */
export type AssetRow = Prisma.AssetGetPayload<typeof assetDetails>;

/** Reads and writes rows of `asset`. Whether a caller may see or change them is decided by the access rules. */
export class AssetRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Finds an asset; those about to be removed are gone. */
	find(id: string): Promise<AssetRow | null> {
		return this.#prisma.asset.findFirst({ where: { id, status: { not: 'deleted' } }, ...assetDetails });
	}

	/** Lists assets in the order of the IDs; those that don't exist are left out. */
	async list(ids: readonly string[]): Promise<AssetRow[]> {
		const rows = await this.#prisma.asset.findMany({
			where: { id: { in: [...ids] }, status: { not: 'deleted' } },
			...assetDetails
		});
		const byId = new Map(rows.map((row) => [row.id, row]));
		return ids.flatMap((id) => byId.get(id.toLowerCase()) ?? []);
	}
}
