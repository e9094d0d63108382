import type { UserDirectoryQuery, UserSort } from '#lib/contract/user-directory.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { suggestionsOf, type SuggestedUser } from './user-suggestions.ts';

/** A row of the users list. */
export interface DirectoryRow {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly avatarColor: string | null;
	readonly isAdmin: boolean;
	readonly oauthId: string;
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
export interface Cursor {
	readonly value: string;
	readonly id: string;
}

export type DirectoryFilter = Pick<UserDirectoryQuery, 'q' | 'role' | 'status'>;

export interface DirectoryOrder {
	readonly sort: UserSort;
	readonly isDescending: boolean;
}

/** The expression a sort goes by and its type; each has an index or is small. */
const sortKeys: Readonly<Record<UserSort, { key: Prisma.Sql; type: Prisma.Sql }>> = {
	name: { key: Prisma.sql`lower(account."name")`, type: Prisma.sql`text` },
	email: { key: Prisma.sql`account."email"`, type: Prisma.sql`text` },
	createdAt: { key: Prisma.sql`account."createdAt"`, type: Prisma.sql`timestamptz` },
	lastSeenAt: { key: Prisma.sql`coalesce(activity."lastSeenAt", '-infinity')`, type: Prisma.sql`timestamptz` },
	usage: { key: Prisma.sql`account."quotaUsageInBytes"`, type: Prisma.sql`bigint` }
};

// The same rule as the gate's in session.repository.ts.
const mustChangePassword = Prisma.sql`(account."shouldChangePassword" AND coalesce(account."password", '') <> ''
	AND (state."userId" IS NULL OR state."setBy" IS DISTINCT FROM account."id" OR state."demandedAt" IS NOT NULL))`;

const source = Prisma.sql`FROM "user" AS account
	LEFT JOIN immich_auth.password_state AS state ON state."userId" = account."id"
	LEFT JOIN immich_auth.user_activity AS activity ON activity."userId" = account."id"`;

/** Finds the accounts that the console lists, a page at a time. */
export class UserDirectoryRepository {
	readonly #prisma: Prisma.TransactionClient | PrismaClient;

	constructor(prisma: Prisma.TransactionClient | PrismaClient) {
		this.#prisma = prisma;
	}

	/** Reads up to `limit` rows that follow `after` in the given order. */
	list(filter: DirectoryFilter, order: DirectoryOrder, limit: number, after?: Cursor): Promise<DirectoryRow[]> {
		const { key, type } = sortKeys[order.sort];
		const direction = order.isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
		const start = after
			? Prisma.sql`AND (${key}, account."id") ${order.isDescending ? Prisma.sql`<` : Prisma.sql`>`}
				(${after.value}::${type}, ${after.id}::uuid)`
			: Prisma.empty;
		return this.#prisma.$queryRaw<DirectoryRow[]>`
			SELECT account."id", account."email", account."name", account."avatarColor", account."isAdmin",
				account."oauthId", account."quotaSizeInBytes", account."quotaUsageInBytes", account."createdAt",
				account."deletedAt", activity."lastSeenAt", state."expiresAt" AS "passwordExpiresAt",
				${mustChangePassword} AS "mustChangePassword", (${key})::text AS "sortValue"
			${source}
			WHERE ${condition(filter)} ${start}
			ORDER BY ${key} ${direction}, account."id" ${direction}
			LIMIT ${limit}`;
	}

	/** Reads one account as the list shows it, a deleted one too. */
	async find(id: string): Promise<DirectoryRow | null> {
		const [row] = await this.list(
			{ q: id, role: undefined, status: 'all' },
			{ sort: 'createdAt', isDescending: true },
			1
		);
		return row ?? null;
	}

	/** Reads up to `limit` accounts whose name or e-mail address begins with a text, and as many that contain it. */
	suggest(text: string, limit: number): Promise<SuggestedUser[]> {
		return this.#prisma.$queryRaw<SuggestedUser[]>(suggestionsOf(text, limit));
	}

	async count(filter: DirectoryFilter): Promise<number> {
		const [row] = await this.#prisma.$queryRaw<{ count: bigint }[]>`
			SELECT count(*) AS count ${source} WHERE ${condition(filter)}`;
		return Number(row?.count ?? 0);
	}

	/** Counts the rows that stand before a place, so that a page can say which ones it shows. */
	async countBefore(filter: DirectoryFilter, order: DirectoryOrder, { value, id }: Cursor): Promise<number> {
		const { key, type } = sortKeys[order.sort];
		const before = order.isDescending ? Prisma.sql`>` : Prisma.sql`<`;
		const [row] = await this.#prisma.$queryRaw<{ count: bigint }[]>`
			SELECT count(*) AS count ${source}
			WHERE ${condition(filter)} AND (${key}, account."id") ${before} (${value}::${type}, ${id}::uuid)`;
		return Number(row?.count ?? 0);
	}
}

function condition({ q, role, status }: DirectoryFilter): Prisma.Sql {
	const conditions = [statusCondition(status)];
	if (role) conditions.push(Prisma.sql`account."isAdmin" = ${role === 'admin'}`);
	if (q !== '') {
		const pattern = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
		conditions.push(
			Prisma.sql`(lower(account."name") LIKE ${pattern} OR account."email" LIKE ${pattern} OR account."id"::text = ${q.toLowerCase()})`
		);
	}
	return Prisma.join(conditions, ' AND ');
}

function statusCondition(status: DirectoryFilter['status']): Prisma.Sql {
	switch (status) {
		case 'all':
			return Prisma.sql`TRUE`;
		case 'deleted':
			return Prisma.sql`account."deletedAt" IS NOT NULL`;
		case 'mustChange':
			return Prisma.sql`account."deletedAt" IS NULL AND ${mustChangePassword}`;
		case 'active':
			return Prisma.sql`account."deletedAt" IS NULL AND NOT ${mustChangePassword}`;
		case undefined:
			return Prisma.sql`account."deletedAt" IS NULL`;
	}
}
