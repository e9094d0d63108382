import type { BatchKind, BatchOutcome, UserBatchItem } from '#lib/contract/user-batches/user-batch.ts';
import type { UserFilter } from '#lib/contract/user-directory/user-directory.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { userRows, buildUserCondition } from '#lib/server/features/user-directory/index.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

/** Options of a bulk action besides its kind. */
export interface BatchOptions {
	/** In bytes; null removes the limit. */
	readonly quota?: number | null;
	readonly revokeApiKeys?: boolean;
	readonly withPasswords?: boolean;
}

export interface BatchRow {
	readonly id: string;
	readonly kind: BatchKind;
	readonly options: BatchOptions;
	readonly total: number;
	readonly createdBy: string;
	/** The session that started it; null for an API key and for a draft. */
	readonly createdBySession: string | null;
	readonly createdAt: Date;
	readonly startedAt: Date | null;
	readonly finishedAt: Date | null;
	readonly sealingKey: unknown;
	readonly openingKey: string | null;
}

export interface BatchCounts {
	readonly waiting: number;
	readonly done: number;
	readonly skipped: number;
	readonly failed: number;
	/** Number of passwords not downloaded yet. */
	readonly passwords: number;
}

/** A user to create, as read from a line of a file; rejected if `reason` is set. */
export interface ImportRow {
	readonly position: number;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly storageLabel: string | null;
	readonly quotaSizeInBytes: number | null;
	readonly reason: string | null;
	/** The line itself is invalid, so a retry can't succeed. */
	readonly isWrong: boolean;
}

export interface SealedPassword {
	readonly email: string;
	readonly sealedPassword: string;
}

const leaseSeconds = 30;
/** How long passwords can be downloaded, and how long results are kept. */
const passwordHours = 24;
const resultDays = 30;

const batchColumns = {
	id: true,
	kind: true,
	options: true,
	total: true,
	orderedBy: true,
	orderedBySession: true,
	createdAt: true,
	startedAt: true,
	finishedAt: true,
	sealingKey: true,
	openingKey: true
} as const satisfies Prisma.UserBatchSelect;

/** Reads and writes bulk actions and their items. */
export class UserBatchRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/** Creates a draft without items; returns its ID. */
	async create(kind: BatchKind, options: BatchOptions, createdBy: string): Promise<string> {
		const data = { kind, options: { ...options }, orderedBy: createdBy, total: 0 };
		return (await this.#prisma.userBatch.create({ data, select: { id: true } })).id;
	}

	/** Adds users by ID, in this order; unknown IDs are added too and reported later. */
	async addIds(batchId: string, ids: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.user_batch_item ("batchId", "position", "userId", "email")
			SELECT ${batchId}::uuid, chosen."position", chosen."id", coalesce(account."email", '')
			FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS chosen("id", "position")
			LEFT JOIN "user" AS account ON account."id" = chosen."id"`;
		await this.#countItems(batchId);
	}

	/** Adds all matching users, newest first. */
	async addMatching(batchId: string, filter: UserFilter): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.user_batch_item ("batchId", "position", "userId", "email")
			SELECT ${batchId}::uuid, row_number() OVER (ORDER BY account."createdAt" DESC, account."id" DESC),
				account."id", account."email"
			FROM ${userRows} WHERE ${buildUserCondition(filter)}`;
		await this.#countItems(batchId);
	}

	/** Adds the failed items of another bulk action, except for lines that are invalid themselves. */
	async addFailed(batchId: string, failedBatchId: string): Promise<void> {
		const isWrong = Prisma.sql`coalesce(("input"->>'isWrong')::boolean, FALSE)`;
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.user_batch_item
				("batchId", "position", "userId", "email", "input", "outcome", "reason")
			SELECT ${batchId}::uuid, "position", "userId", "email", "input",
				CASE WHEN ${isWrong} THEN 'failed' END, CASE WHEN ${isWrong} THEN "reason" END
			FROM immich_auth.user_batch_item
			WHERE "batchId" = ${failedBatchId}::uuid AND "outcome" = 'failed'`;
		await this.#countItems(batchId);
	}

	/** Adds the lines of a file; those with a reason are already marked as failed. */
	async addImported(batchId: string, rows: readonly ImportRow[]): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.user_batch_item ("batchId", "position", "email", "input", "outcome", "reason")
			SELECT ${batchId}::uuid, (line->>'position')::int, line->>'email', line,
				CASE WHEN line->>'reason' IS NOT NULL THEN 'failed' END, line->>'reason'
			FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS line`;
		await this.#countItems(batchId);
	}

	async find(id: string): Promise<BatchRow | null> {
		const row = await this.#prisma.userBatch.findUnique({ where: { id }, select: batchColumns });
		return row && toBatchRow(row);
	}

	/** Lists the newest bulk actions. */
	async listRecent(limit: number): Promise<BatchRow[]> {
		const rows = await this.#prisma.userBatch.findMany({
			orderBy: { createdAt: 'desc' },
			take: limit,
			select: batchColumns
		});
		return rows.map(toBatchRow);
	}

	/** Counts the items by outcome, and the temporary passwords not downloaded yet. */
	async count(id: string): Promise<BatchCounts> {
		const [row] = await this.#prisma.$queryRaw<Record<keyof BatchCounts, bigint>[]>`
			SELECT count(*) FILTER (WHERE "outcome" IS NULL) AS waiting,
				count(*) FILTER (WHERE "outcome" = 'done') AS done,
				count(*) FILTER (WHERE "outcome" = 'skipped') AS skipped,
				count(*) FILTER (WHERE "outcome" = 'failed') AS failed,
				count("sealedPassword") AS passwords
			FROM immich_auth.user_batch_item WHERE "batchId" = ${id}::uuid`;
		const number = (count?: bigint) => Number(count ?? 0);
		return {
			waiting: number(row?.waiting),
			done: number(row?.done),
			skipped: number(row?.skipped),
			failed: number(row?.failed),
			passwords: number(row?.passwords)
		};
	}

	/** Lists items with their outcomes, by position. */
	listItems(
		id: string,
		outcome: BatchOutcome | 'waiting' | undefined,
		after: number,
		limit: number
	): Promise<UserBatchItem[]> {
		const wanted =
			outcome === undefined
				? Prisma.empty
				: outcome === 'waiting'
					? Prisma.sql`AND item."outcome" IS NULL`
					: Prisma.sql`AND item."outcome" = ${outcome}`;
		return this.#prisma.$queryRaw<UserBatchItem[]>`
			SELECT item."position", item."userId", item."email", item."outcome", item."reason",
				coalesce(account."name", item."input"->>'name', '') AS "name"
			FROM immich_auth.user_batch_item AS item LEFT JOIN "user" AS account ON account."id" = item."userId"
			WHERE item."batchId" = ${id}::uuid AND item."position" > ${after} ${wanted}
			ORDER BY item."position" LIMIT ${limit}`;
	}

	/** Starts a draft; returns false if it was already started. */
	async start(
		id: string,
		{ createdBy, createdBySession }: Pick<BatchRow, 'createdBy' | 'createdBySession'>,
		keys: { sealingKey: object; openingKey: string } | null
	): Promise<boolean> {
		const { count } = await this.#prisma.userBatch.updateMany({
			where: { id, startedAt: null },
			data: {
				startedAt: new Date(),
				orderedBy: createdBy,
				orderedBySession: createdBySession,
				...(keys && { sealingKey: { ...keys.sealingKey }, openingKey: keys.openingKey })
			}
		});
		return count > 0;
	}

	/** Leases a bulk action for half a minute; returns false if another instance holds it or it is finished. */
	async lease(id: string, { isRenewed = false } = {}): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			UPDATE immich_auth.user_batch SET "leasedUntil" = now() + make_interval(secs => ${leaseSeconds})
			WHERE "id" = ${id}::uuid AND "startedAt" IS NOT NULL AND "finishedAt" IS NULL
				AND (${isRenewed} OR "leasedUntil" IS NULL OR "leasedUntil" < now()
					-- Taken before the clock was set back.
					OR "leasedUntil" > now() + make_interval(secs => ${2 * leaseSeconds}))`;
		return count > 0;
	}

	/** Lets another instance or a later start resume immediately. */
	async release(id: string): Promise<void> {
		await this.#prisma.userBatch.updateMany({ where: { id }, data: { leasedUntil: null } });
	}

	/** Marks a bulk action as finished; returns false if it already was. */
	async finish(id: string): Promise<boolean> {
		const { count } = await this.#prisma.userBatch.updateMany({
			where: { id, finishedAt: null },
			data: { finishedAt: new Date(), leasedUntil: null }
		});
		return count > 0;
	}

	/** Lists started bulk actions that are not finished. */
	async listUnfinished(): Promise<string[]> {
		const where = { startedAt: { not: null }, finishedAt: null };
		return (await this.#prisma.userBatch.findMany({ where, select: { id: true } })).map(({ id }) => id);
	}

	/** Marks all waiting items as failed with this reason. */
	async failWaiting(id: string, reason: string): Promise<void> {
		await this.#prisma.userBatchItem.updateMany({
			where: { batchId: id, outcome: null },
			data: { outcome: 'failed', reason }
		});
	}

	/** Returns the sealed passwords and deletes them in one statement. */
	takePasswords(id: string): Promise<SealedPassword[]> {
		return this.#prisma.$queryRaw<SealedPassword[]>`
			WITH taken AS (
				SELECT "position", "email", "sealedPassword" FROM immich_auth.user_batch_item
				WHERE "batchId" = ${id}::uuid AND "sealedPassword" IS NOT NULL FOR UPDATE
			), forgotten AS (
				UPDATE immich_auth.user_batch_item AS item SET "sealedPassword" = NULL
				FROM taken WHERE item."batchId" = ${id}::uuid AND item."position" = taken."position"
			)
			SELECT "email", "sealedPassword" FROM taken ORDER BY "position"`;
	}

	/** Deletes a bulk action; returns false if it is running or doesn't exist. */
	async discard(id: string): Promise<boolean> {
		const { count } = await this.#prisma.userBatch.deleteMany({
			where: { id, OR: [{ startedAt: null }, { finishedAt: { not: null } }] }
		});
		return count > 0;
	}

	/** Deletes passwords not downloaded in time, and old results; returns the number of deleted bulk actions. */
	async tidy(): Promise<number> {
		await this.#prisma.$executeRaw`
			UPDATE immich_auth.user_batch_item AS item SET "sealedPassword" = NULL
			FROM immich_auth.user_batch AS batch
			WHERE batch."id" = item."batchId" AND item."sealedPassword" IS NOT NULL
				AND batch."finishedAt" < now() - make_interval(hours => ${passwordHours})`;
		return await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.user_batch WHERE "createdAt" < now() - make_interval(days => ${resultDays})
				AND ("startedAt" IS NULL OR "finishedAt" IS NOT NULL)`;
	}

	/** Updates the planner's statistics too: it would otherwise expect one row and choose a nested loop. */
	async #countItems(batchId: string): Promise<void> {
		await this.#prisma.$executeRaw`ANALYZE immich_auth.user_batch_item`;
		await this.#prisma.$executeRaw`
			UPDATE immich_auth.user_batch SET "total" =
				(SELECT count(*) FROM immich_auth.user_batch_item WHERE "batchId" = ${batchId}::uuid)
			WHERE "id" = ${batchId}::uuid`;
	}
}

type Selected = Prisma.UserBatchGetPayload<{ select: typeof batchColumns }>;

/** Trusts the stored values, which only this repository writes. */
const toBatchRow = ({ orderedBy, orderedBySession, ...row }: Selected): BatchRow => ({
	...row,
	createdBy: orderedBy,
	createdBySession: orderedBySession,
	kind: row.kind as BatchKind,
	options: row.options as BatchOptions
});
