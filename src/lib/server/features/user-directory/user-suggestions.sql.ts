import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** A user as suggested while typing. */
export interface SuggestedUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly avatarColor: string | null;
	readonly isAdmin: boolean;
}

/** A trigram index needs three characters; shorter texts match only the start of words. */
const trigramLength = 3;
/** An ID prefix this long is unlikely to be a name. */
const idPattern = /^[\da-f]{8}[\da-f-]*$/;

/**
 * Finds users that are not deleted, those whose name or email starts with the text first. Each half reads an index and
 * stops at `limit`; a user may be in both.
 */
export function buildSuggestionsQuery(text: string, limit: number): Prisma.Sql {
	const typed = text.toLowerCase();
	const escaped = typed.replace(/[\\%_]/g, '\\$&');
	const starts = [startsWith(escaped)];
	const range = toIdRange(typed);
	if (range) starts.push(Prisma.sql`"id" BETWEEN ${range.first}::uuid AND ${range.last}::uuid`);
	const contains =
		typed.length < trigramLength
			? Prisma.sql`lower("name") LIKE ${`% ${escaped}%`}`
			: Prisma.sql`lower("name") LIKE ${`%${escaped}%`} OR "email" LIKE ${`%${escaped}%`}`;
	return Prisma.sql`(${half(Prisma.join(starts, ' OR '), limit)}) UNION ALL (${half(contains, limit)})`;
}

const startsWith = (escaped: string): Prisma.Sql =>
	Prisma.sql`lower("name") LIKE ${`${escaped}%`} OR "email" LIKE ${`${escaped}%`}`;

const half = (condition: Prisma.Sql, limit: number): Prisma.Sql => Prisma.sql`
	SELECT "id", "name", "email", "avatarColor", "isAdmin" FROM "user"
	WHERE "deletedAt" IS NULL AND (${condition})
	ORDER BY lower("name"), "id" LIMIT ${limit}`;

/** Returns the first and last ID with this prefix; null if it isn't the prefix of an ID. */
function toIdRange(typed: string): { first: string; last: string } | null {
	const digits = typed.replaceAll('-', '');
	if (!idPattern.test(typed) || digits.length > 32) return null;
	return { first: digits.padEnd(32, '0'), last: digits.padEnd(32, 'f') };
}
