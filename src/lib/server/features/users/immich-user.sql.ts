import { randomUUID } from 'node:crypto';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { ImmichDatabase } from '#lib/server/platform/database/immich-tables.ts';

/** Whether Immich's tables differ from the mirror in what a new user needs. */
export const isOtherForm = (immich: ImmichDatabase | null): immich is ImmichDatabase =>
	immich !== null && (!immich.hasClusterGroups || immich.isClusterGroupNamed);

interface NewRow {
	readonly email: string;
	readonly name: string;
	readonly createdAt: Date;
}

/**
 * Creates a user with the columns that every version of Immich has, and returns the ID; null if the email is taken. Only in a
 * transaction, as a cluster group is created first where Immich has them.
 */
export async function insertUser(
	prisma: Prisma.TransactionClient | PrismaClient,
	{ hasClusterGroups, isClusterGroupNamed }: ImmichDatabase,
	{ email, name, createdAt }: NewRow
): Promise<string | null> {
	if (!hasClusterGroups) {
		const rows = await prisma.$queryRaw<{ id: string }[]>`
			INSERT INTO "user" ("email", "name", "createdAt") VALUES (${email}, ${name}, ${createdAt})
			ON CONFLICT DO NOTHING RETURNING "id"`;
		return rows[0]?.id ?? null;
	}
	const groupId = randomUUID();
	if (isClusterGroupNamed)
		await prisma.$executeRaw`INSERT INTO "cluster_group" ("id", "name") VALUES (${groupId}::uuid, ${name})`;
	else await prisma.$executeRaw`INSERT INTO "cluster_group" ("id") VALUES (${groupId}::uuid)`;
	const rows = await prisma.$queryRaw<{ id: string }[]>`
		INSERT INTO "user" ("email", "name", "createdAt", "clusterGroupId")
		VALUES (${email}, ${name}, ${createdAt}, ${groupId}::uuid)
		ON CONFLICT DO NOTHING RETURNING "id"`;
	return rows[0]?.id ?? null;
}
