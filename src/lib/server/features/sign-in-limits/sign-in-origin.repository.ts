import { storedForms } from '#lib/contract/email.ts';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { Prisma, PrismaClient } from '#lib/server/platform/database/database.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** After this many days without a sign-in, a network or browser is no longer known. */
export const signInOriginDays = 180;
/** How many are kept per user, the most recently used. */
const keptPerUser = 100;

/** Stores the networks and browsers that users have signed in from. */
export class SignInOriginRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Lists the keys of all networks and browsers that the user with this email has signed in from. */
	async listKnown(email: string): Promise<string[]> {
		const rows = await this.#prisma.$queryRaw<{ key: string }[]>`
			SELECT origin."key" FROM immich_auth.sign_in_origin AS origin
			JOIN "user" AS account ON account."id" = origin."userId"
			WHERE account."email" = ANY(${storedForms(email)}::text[]) AND account."deletedAt" IS NULL
				AND origin."lastUsedAt" > now() - make_interval(days => ${signInOriginDays}::int)`;
		return rows.map(({ key }) => key);
	}

	/** Records a sign-in, and removes the oldest entries of a user who has too many. */
	async remember(userId: string, keys: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`
			WITH crowded AS (
				DELETE FROM immich_auth.sign_in_origin WHERE "userId" = ${userId}::uuid AND "key" IN (
					SELECT "key" FROM immich_auth.sign_in_origin
					WHERE "userId" = ${userId}::uuid AND "key" <> ALL(${keys})
					ORDER BY "lastUsedAt" DESC, "key" OFFSET ${keptPerUser}::int
				)
			)
			INSERT INTO immich_auth.sign_in_origin ("userId", "key")
			SELECT "id", unnest(${keys}::varchar[]) FROM "user" WHERE "id" = ${userId}::uuid
			ON CONFLICT ("userId", "key") DO UPDATE SET "lastUsedAt" = now()`;
	}

	/** Deletes all of a user's entries: after a reset, no one who knew the old password counts as known. */
	async forgetAll(userId: string): Promise<void> {
		await this.#prisma.signInOrigin.deleteMany({ where: { userId } });
	}

	/** Deletes a chunk of the entries that are too old to count as known. */
	async removeOutdated(): Promise<number> {
		return await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.sign_in_origin WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.sign_in_origin
				WHERE "lastUsedAt" < now() - make_interval(days => ${signInOriginDays}::int) LIMIT ${chunkSize}
			))`;
	}
}
