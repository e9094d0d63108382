import { countLimit, type UserFilter, type UserSort } from '#lib/contract/user-directory/user-directory.ts';
import type { NamedUser } from '#lib/contract/user-directory/user-suggestion.ts';
import { Prisma, type PrismaClient } from '#lib/server/platform/generated/prisma/client.ts';
import type { Place } from '#lib/server/platform/paging/cursor.ts';
import {
	userRows,
	buildUserCondition,
	isCheaplyCounted,
	isLinked,
	mustChangePassword,
	wasNeverSeen
} from './user-filter.sql.ts';
import { buildNamedQuery, buildSuggestionsQuery, type SuggestedUser } from './user-suggestions.sql.ts';
import type { Connection } from '#lib/server/platform/database/store.ts';

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
	/** The sort value, as text with full precision. */
	readonly sortValue: string;
}

export interface DirectoryOrder {
	readonly sort: UserSort;
	readonly isDescending: boolean;
	/** True if few rows match. */
	readonly isSparse?: boolean;
}

/** The number of matches; a lower bound if it isn't exact. */
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
 * The sort expressions, each with an index. Users who were never seen have no time to sort by: they are read separately and
 * come at the oldest end.
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

/** Finds users for the console, one page at a time. */
export class UserDirectoryRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor({ prisma }: Pick<Connection, 'prisma'>) {
		this.#prisma = prisma;
	}

	/**
	 * Reads up to `limit` rows that follow `after` in the given order. Sparse matches are found first and then sorted;
	 * otherwise a walk along the order's index meets matches soon enough.
	 */
	async list(
		filter: UserFilter,
		{ sort, isDescending, isSparse = false }: DirectoryOrder,
		limit: number,
		after?: Place
	): Promise<DirectoryRow[]> {
		const direction = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
		const keys = listSortKeys(sort, filter, isDescending);
		const rows: DirectoryRow[] = [];
		// The second kind of rows is read only if the first doesn't fill the page.
		for (const { key, type, where } of keys) {
			if (rows.length >= limit) break;
			const start = after
				? Prisma.sql`AND (${key}, account."id") ${isDescending ? Prisma.sql`<` : Prisma.sql`>`}
					(${after.value}::${type}, ${after.id}::uuid)`
				: Prisma.empty;
			const matches = isSparse ? Prisma.sql`account."id" IN (SELECT "id" FROM found)` : buildUserCondition(filter);
			const found = isSparse
				? Prisma.sql`WITH found AS MATERIALIZED (SELECT account."id" FROM ${userRows} WHERE ${buildUserCondition(filter)})`
				: Prisma.empty;
			const part = await this.#prisma.$queryRaw<DirectoryRow[]>`
				${found} SELECT ${columns}, (${key})::text AS "sortValue"
				FROM ${userRows}
				WHERE ${matches} ${where ? Prisma.sql`AND ${where}` : Prisma.empty} ${start}
				ORDER BY ${key} ${direction}, account."id" ${direction}
				LIMIT ${limit - rows.length}`;
			rows.push(...part);
		}
		return rows;
	}

	/** Finds one user as listed, including deleted ones. */
	async find(id: string): Promise<DirectoryRow | null> {
		const [row] = await this.list({ q: id, status: 'all' }, { sort: 'createdAt', isDescending: true }, 1);
		return row ?? null;
	}

	/** Finds up to `limit` users whose name or email starts with the text, and as many that contain it. */
	suggest(text: string, limit: number): Promise<SuggestedUser[]> {
		return this.#prisma.$queryRaw<SuggestedUser[]>(buildSuggestionsQuery(text, limit));
	}

	/** Finds the user with an email, or those whose email or ID begins with the text, also deleted ones. */
	findNamed(text: string, limit: number): Promise<NamedUser[]> {
		return this.#prisma.$queryRaw<NamedUser[]>(buildNamedQuery(text, limit));
	}

	/** Counts matches: exactly if that is cheap or requested, otherwise up to `countLimit`. */
	async count(filter: UserFilter, { isExact = isCheaplyCounted(filter) } = {}): Promise<Count> {
		const limit = isExact ? Prisma.empty : Prisma.sql`LIMIT ${countLimit + 1}`;
		const [row] = await this.#prisma.$queryRaw<{ count: bigint }[]>`
			SELECT count(*) AS count FROM (SELECT 1 FROM ${userRows} WHERE ${buildUserCondition(filter)} ${limit}) AS found`;
		const count = Number(row?.count ?? 0);
		return isExact || count <= countLimit ? { total: count, isExact: true } : { total: countLimit, isExact: false };
	}
}

/** In list order; users who were never seen are only in the last group. */
function listSortKeys(sort: UserSort, { seen }: UserFilter, isDescending: boolean): readonly SortKey[] {
	const keys = seen === 'never' ? sortKeys[sort].slice(-1) : sortKeys[sort];
	return isDescending ? keys : keys.toReversed();
}
