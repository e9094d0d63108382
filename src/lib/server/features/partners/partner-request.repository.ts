import type { PartnerDirection } from '#lib/contract/partners/partner.ts';
import type { PublicUser } from '#lib/server/features/users/index.ts';
import { chunkSize } from '#lib/server/platform/database/chunk.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';

/** A library that waits to be accepted, as one of the two users sees it. */
export interface PartnerRequestRow {
	/** The other one. */
	readonly user: PublicUser;
	readonly createdAt: Date;
	readonly expiresAt: Date;
}

type SelectedRequest = PublicUser & Pick<PartnerRequestRow, 'createdAt' | 'expiresAt'>;

/** How long a request can be accepted, and how long a declined one can't be repeated. */
const lifetimeDays = 14;
/** Maximum number of requests listed. */
const longestRequestList = 500;

const isWaiting = Prisma.sql`request."declinedAt" IS NULL AND request."expiresAt" > now()`;

/** Reads and writes rows of `immich_auth.partner_request`. All times are the database's, so that instances agree. */
export class PartnerRequestRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/**
	 * Lists the requests to or from a user, newest first; deleted users are left out. Who asked isn't told that a request was
	 * declined.
	 */
	async list(userId: string, direction: PartnerDirection): Promise<PartnerRequestRow[]> {
		const [own, other, condition] =
			direction === 'shared-with'
				? [Prisma.sql`"sharedWithId"`, Prisma.sql`"sharedById"`, isWaiting]
				: [Prisma.sql`"sharedById"`, Prisma.sql`"sharedWithId"`, Prisma.sql`request."expiresAt" > now()`];
		const rows = await this.#prisma.$queryRaw<SelectedRequest[]>`
			SELECT request."createdAt", request."expiresAt", other."id", other."email", other."name", other."avatarColor",
				other."profileImagePath", other."profileChangedAt"
			FROM immich_auth.partner_request AS request JOIN "user" AS other ON other."id" = request.${other}
			WHERE request.${own} = ${userId}::uuid AND other."deletedAt" IS NULL AND ${condition}
			ORDER BY request."createdAt" DESC, other."id" LIMIT ${longestRequestList}`;
		return rows.map(({ createdAt, expiresAt, ...user }) => ({ createdAt, expiresAt, user }));
	}

	/** Counts the requests of a user that haven't expired. */
	async count(sharedById: string): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ count: number }[]>`
			SELECT count(*)::int AS "count" FROM immich_auth.partner_request
			WHERE "sharedById" = ${sharedById}::uuid AND "expiresAt" > now()`;
		return row?.count ?? 0;
	}

	/** Creates a request, or replaces an expired one; false if there is one that hasn't expired. */
	async create(sharedById: string, sharedWithId: string): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.partner_request AS request ("sharedById", "sharedWithId", "expiresAt")
			VALUES (${sharedById}::uuid, ${sharedWithId}::uuid, now() + make_interval(days => ${lifetimeDays}::int))
			ON CONFLICT ("sharedById", "sharedWithId") DO UPDATE
				SET "createdAt" = now(), "expiresAt" = excluded."expiresAt", "declinedAt" = NULL
				WHERE request."expiresAt" <= now()`;
		return count === 1;
	}

	/** Takes a request that waits, so that it can be accepted once; false if there is none. */
	async take(sharedById: string, sharedWithId: string): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.partner_request AS request
			WHERE "sharedById" = ${sharedById}::uuid AND "sharedWithId" = ${sharedWithId}::uuid AND ${isWaiting}`;
		return count === 1;
	}

	/** Declines a request that waits; false if there is none. */
	async decline(sharedById: string, sharedWithId: string): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			UPDATE immich_auth.partner_request AS request SET "declinedAt" = now()
			WHERE "sharedById" = ${sharedById}::uuid AND "sharedWithId" = ${sharedWithId}::uuid AND ${isWaiting}`;
		return count === 1;
	}

	/** Withdraws a request; a declined one stays, so that it can't be repeated. False if there is none. */
	async withdraw(sharedById: string, sharedWithId: string): Promise<boolean> {
		if (await this.take(sharedById, sharedWithId)) return true;
		const rows = await this.#prisma.$queryRaw<unknown[]>`
			SELECT 1 FROM immich_auth.partner_request
			WHERE "sharedById" = ${sharedById}::uuid AND "sharedWithId" = ${sharedWithId}::uuid AND "expiresAt" > now()`;
		return rows.length > 0;
	}

	/** Deletes what is left of a request once the library is shared. */
	async remove(sharedById: string, sharedWithId: string): Promise<void> {
		await this.#prisma.partnerRequest.deleteMany({ where: { sharedById, sharedWithId } });
	}

	/** Deletes a chunk of the expired requests. */
	async removeExpired(): Promise<number> {
		return await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.partner_request WHERE ctid = ANY(ARRAY(
				SELECT ctid FROM immich_auth.partner_request WHERE "expiresAt" < now() LIMIT ${chunkSize}
			))`;
	}
}
