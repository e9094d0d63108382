import type { BatchKind, BatchOutcome, UserBatchItem } from '#lib/contract/user-batches/user-batch.ts';
import type { UserFilter } from '#lib/contract/user-directory/user-directory.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import { accounts, conditionOf } from '#lib/server/features/user-directory/index.ts';

/** How an order is to be carried out, beyond its kind. */
export interface BatchOptions {
	/** Bytes; null takes the limit away. */
	readonly quota?: number | null;
	readonly revokeApiKeys?: boolean;
	readonly withPasswords?: boolean;
}

export interface BatchRow {
	readonly id: string;
	readonly kind: BatchKind;
	readonly options: BatchOptions;
	readonly total: number;
	readonly orderedBy: string;
	/** The session that started it; null for an API key and a draft. */
	readonly orderedBySession: string | null;
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
	/** Passwords that nobody has taken yet. */
	readonly passwords: number;
}

/** An account to be made, as a line of a file asks for it; refused where `reason` says why. */
export interface ImportRow {
	readonly position: number;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly storageLabel: string | null;
	readonly quotaSizeInBytes: number | null;
	readonly reason: string | null;
	/** The line itself cannot be carried out, now or later. */
	readonly isWrong: boolean;
}

export interface SealedPassword {
	readonly email: string;
	readonly sealedPassword: string;
}

const leaseSeconds = 30;
/** How long passwords wait to be taken, and how long results are kept. */
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

/** Reads and writes orders to many accounts, and what became of each. */
export class UserBatchRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	async create(kind: BatchKind, options: BatchOptions, orderedBy: string): Promise<string> {
		const data = { kind, options: { ...options }, orderedBy, total: 0 };
		return (await this.#prisma.userBatch.create({ data, select: { id: true } })).id;
	}

	/** Adds the accounts with these ids, in this order; an id that is nobody's too, to be told later. */
	async addIds(batchId: string, ids: readonly string[]): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.user_batch_item ("batchId", "position", "userId", "email")
			SELECT ${batchId}::uuid, chosen."position", chosen."id", coalesce(account."email", '')
			FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS chosen("id", "position")
			LEFT JOIN "user" AS account ON account."id" = chosen."id"`;
		await this.#countItems(batchId);
	}

	/** Adds all accounts that match, newest first. */
	async addMatching(batchId: string, filter: UserFilter): Promise<void> {
		await this.#prisma.$executeRaw`
			INSERT INTO immich_auth.user_batch_item ("batchId", "position", "userId", "email")
			SELECT ${batchId}::uuid, row_number() OVER (ORDER BY account."createdAt" DESC, account."id" DESC),
				account."id", account."email"
			FROM ${accounts} WHERE ${conditionOf(filter)}`;
		await this.#countItems(batchId);
	}

	/** Adds the accounts at which another batch failed; a line that is wrong itself has failed again already. */
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

	/** Adds the lines of a file; those with a reason have failed already. */
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

	/** Lists the newest. */
	async listRecent(limit: number): Promise<BatchRow[]> {
		const rows = await this.#prisma.userBatch.findMany({
			orderBy: { createdAt: 'desc' },
			take: limit,
			select: batchColumns
		});
		return rows.map(toBatchRow);
	}

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

	/** Lists what became of each, by position. */
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

	/** Starts a draft; false where it was started before. */
	async start(
		id: string,
		{ orderedBy, orderedBySession }: Pick<BatchRow, 'orderedBy' | 'orderedBySession'>,
		keys: { sealingKey: object; openingKey: string } | null
	): Promise<boolean> {
		const { count } = await this.#prisma.userBatch.updateMany({
			where: { id, startedAt: null },
			data: {
				startedAt: new Date(),
				orderedBy,
				orderedBySession,
				...(keys && { sealingKey: { ...keys.sealingKey }, openingKey: keys.openingKey })
			}
		});
		return count > 0;
	}

	/** Takes the work on a batch for half a minute; false where another instance has it, or it is done. */
	async lease(id: string, { isRenewed = false } = {}): Promise<boolean> {
		const count = await this.#prisma.$executeRaw`
			UPDATE immich_auth.user_batch SET "leasedUntil" = now() + make_interval(secs => ${leaseSeconds})
			WHERE "id" = ${id}::uuid AND "startedAt" IS NOT NULL AND "finishedAt" IS NULL
				AND (${isRenewed} OR "leasedUntil" IS NULL OR "leasedUntil" < now()
					-- Taken before the clock was set back.
					OR "leasedUntil" > now() + make_interval(secs => ${2 * leaseSeconds}))`;
		return count > 0;
	}

	/** Lets another instance, or a later start, go on at once. */
	async release(id: string): Promise<void> {
		await this.#prisma.userBatch.updateMany({ where: { id }, data: { leasedUntil: null } });
	}

	/** Says that all is done; false where that was said before. */
	async finish(id: string): Promise<boolean> {
		const { count } = await this.#prisma.userBatch.updateMany({
			where: { id, finishedAt: null },
			data: { finishedAt: new Date(), leasedUntil: null }
		});
		return count > 0;
	}

	/** Lists what was started and is not finished. */
	async listUnfinished(): Promise<string[]> {
		const where = { startedAt: { not: null }, finishedAt: null };
		return (await this.#prisma.userBatch.findMany({ where, select: { id: true } })).map(({ id }) => id);
	}

	/** Says of all that wait why nothing will be done. */
	async failWaiting(id: string, reason: string): Promise<void> {
		await this.#prisma.userBatchItem.updateMany({
			where: { batchId: id, outcome: null },
			data: { outcome: 'failed', reason }
		});
	}

	/** Hands the sealed passwords out and forgets them, in one. */
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

	/** Throws a batch away that is not running; false where it is, or where there is none. */
	async discard(id: string): Promise<boolean> {
		const { count } = await this.#prisma.userBatch.deleteMany({
			where: { id, OR: [{ startedAt: null }, { finishedAt: { not: null } }] }
		});
		return count > 0;
	}

	/** Forgets passwords that nobody took, and old results. */
	async tidy(): Promise<void> {
		await this.#prisma.$executeRaw`
			UPDATE immich_auth.user_batch_item AS item SET "sealedPassword" = NULL
			FROM immich_auth.user_batch AS batch
			WHERE batch."id" = item."batchId" AND item."sealedPassword" IS NOT NULL
				AND batch."finishedAt" < now() - make_interval(hours => ${passwordHours})`;
		await this.#prisma.$executeRaw`
			DELETE FROM immich_auth.user_batch WHERE "createdAt" < now() - make_interval(days => ${resultDays})
				AND ("startedAt" IS NULL OR "finishedAt" IS NOT NULL)`;
	}

	/** Tells the planner too, which would otherwise take a new batch for one row, and compare each with each. */
	async #countItems(batchId: string): Promise<void> {
		await this.#prisma.$executeRaw`ANALYZE immich_auth.user_batch_item`;
		await this.#prisma.$executeRaw`
			UPDATE immich_auth.user_batch SET "total" =
				(SELECT count(*) FROM immich_auth.user_batch_item WHERE "batchId" = ${batchId}::uuid)
			WHERE "id" = ${batchId}::uuid`;
	}
}

type Selected = Prisma.UserBatchGetPayload<{ select: typeof batchColumns }>;

/** Trusts what this repository wrote itself. */
const toBatchRow = (row: Selected): BatchRow => ({
	...row,
	kind: row.kind as BatchKind,
	options: row.options as BatchOptions
});
