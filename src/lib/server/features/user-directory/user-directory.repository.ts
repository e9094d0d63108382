import { countLimit, type UserFilter, type UserSort } from '#lib/contract/user-directory/user-directory.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import {
	accounts,
	conditionOf,
	isCheaplyCounted,
	isLinked,
	mustChangePassword,
	wasNeverSeen
} from './user-filter.sql.ts';
import { suggestionsOf, type SuggestedUser } from './user-suggestions.sql.ts';

/** A row of the users list. */
export interface DirectoryRow {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly avatarColor: string | null;
	readonly profileImagePath: string;
	readonly profileChangedAt: Date;
	readonly isAdmin: boolean;
	readonly isOAuthLinked: boolean;
	readonly hasPassword: boolean;
	readonly storageLabel: string | null;
	readonly mustChangePassword: boolean;
	readonly passwordExpiresAt: Date | null;
	readonly quotaSizeInBytes: bigint | null;
	readonly quotaUsageInBytes: bigint;
	readonly createdAt: Date;
	readonly deletedAt: Date | null;
	readonly lastSeenAt: Date | null;
	/** The value sorted by, as text that keeps its full precision. */
	readonly sortValue: string;
}

/** A place in a sorted list: the row with this value and id. */
export interface Place {
	readonly value: string;
	readonly id: string;
}

export interface DirectoryOrder {
	readonly sort: UserSort;
	readonly isDescending: boolean;
	/** Tells that few rows match. */
	readonly isSparse?: boolean;
}

/** How many match; at least that many where the count is not exact. */
export interface Count {
	readonly total: number;
	readonly isExact: boolean;
}

interface SortKey {
	readonly key: Prisma.Sql;
	readonly type: Prisma.Sql;
	readonly where?: Prisma.Sql;
}

const columns = Prisma.sql`account."id", account."email", account."name", account."avatarColor", account."isAdmin",
	account."profileImagePath", account."profileChangedAt", ${isLinked} AS "isOAuthLinked", account."storageLabel",
	 coalesce(account."password", '') <> '' AS "hasPassword",
	account."quotaSizeInBytes", account."quotaUsageInBytes", account."createdAt", account."deletedAt",
	activity."lastSeenAt", state."expiresAt" AS "passwordExpiresAt", ${mustChangePassword} AS "mustChangePassword"`;

const never = Prisma.sql`'-infinity'::timestamptz`;

/**
 * The expressions that a sort goes by, each with an index. Who was never here has no moment to go by: these accounts are
 * read by themselves and stand at the old end.
 */
const sortKeys: Readonly<Record<UserSort, readonly SortKey[]>> = {
	name: [{ key: Prisma.sql`lower(account."name")`, type: Prisma.sql`text` }],
	email: [{ key: Prisma.sql`account."email"`, type: Prisma.sql`text` }],
	createdAt: [{ key: Prisma.sql`account."createdAt"`, type: Prisma.sql`timestamptz` }],
	usage: [{ key: Prisma.sql`account."quotaUsageInBytes"`, type: Prisma.sql`bigint` }],
	lastSeenAt: [
		{
			key: Prisma.sql`activity."lastSeenAt"`,
			type: Prisma.sql`timestamptz`,
			where: Prisma.sql`activity."lastSeenAt" IS NOT NULL`
		},
		{ key: never, type: Prisma.sql`timestamptz`, where: wasNeverSeen }
	]
};

/** Finds the accounts that the console lists, a page at a time. */
export class UserDirectoryRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/**
	 * Reads up to `limit` rows that follow `after` in the given order. Rows that are few among all are found first and
	 * sorted then; many are met soon enough on a walk along the order's index.
	 */
	async list(
		filter: UserFilter,
		{ sort, isDescending, isSparse = false }: DirectoryOrder,
		limit: number,
		after?: Place
	): Promise<DirectoryRow[]> {
		const direction = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
		const keys = keysOf(sort, filter, isDescending);
		const rows: DirectoryRow[] = [];
		// Of two kinds of rows the second is read only where the first does not fill the page.
		for (const { key, type, where } of keys) {
			if (rows.length >= limit) break;
			const start = after
				? Prisma.sql`AND (${key}, account."id") ${isDescending ? Prisma.sql`<` : Prisma.sql`>`}
					(${after.value}::${type}, ${after.id}::uuid)`
				: Prisma.empty;
			const matches = isSparse ? Prisma.sql`account."id" IN (SELECT "id" FROM found)` : conditionOf(filter);
			const found = isSparse
				? Prisma.sql`WITH found AS MATERIALIZED (SELECT account."id" FROM ${accounts} WHERE ${conditionOf(filter)})`
				: Prisma.empty;
			const part = await this.#prisma.$queryRaw<DirectoryRow[]>`
				${found} SELECT ${columns}, (${key})::text AS "sortValue"
				FROM ${accounts}
				WHERE ${matches} ${where ? Prisma.sql`AND ${where}` : Prisma.empty} ${start}
				ORDER BY ${key} ${direction}, account."id" ${direction}
				LIMIT ${limit - rows.length}`;
			rows.push(...part);
		}
		return rows;
	}

	/** Reads one account as the list shows it, a deleted one too. */
	async find(id: string): Promise<DirectoryRow | null> {
		const [row] = await this.list({ q: id, status: 'all' }, { sort: 'createdAt', isDescending: true }, 1);
		return row ?? null;
	}

	/** Reads up to `limit` accounts whose name or e-mail address begins with a text, and as many that contain it. */
	suggest(text: string, limit: number): Promise<SuggestedUser[]> {
		return this.#prisma.$queryRaw<SuggestedUser[]>(suggestionsOf(text, limit));
	}

	/** Counts what matches: all of it where that is cheap or asked for, else as far as `countLimit`. */
	async count(filter: UserFilter, { isExact = isCheaplyCounted(filter) } = {}): Promise<Count> {
		const limit = isExact ? Prisma.empty : Prisma.sql`LIMIT ${countLimit + 1}`;
		const [row] = await this.#prisma.$queryRaw<{ count: bigint }[]>`
			SELECT count(*) AS count FROM (SELECT 1 FROM ${accounts} WHERE ${conditionOf(filter)} ${limit}) AS found`;
		const count = Number(row?.count ?? 0);
		return isExact || count <= countLimit ? { total: count, isExact: true } : { total: countLimit, isExact: false };
	}
}

/** In the order in which their rows stand; who was never here is only among the last. */
function keysOf(sort: UserSort, { seen }: UserFilter, isDescending: boolean): readonly SortKey[] {
	const keys = seen === 'never' ? sortKeys[sort].slice(-1) : sortKeys[sort];
	return isDescending ? keys : keys.toReversed();
}
