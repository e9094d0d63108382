import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';

/** An account as it is suggested while somebody types. */
export interface SuggestedUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly avatarColor: string | null;
	readonly isAdmin: boolean;
}

/** A trigram index needs three characters; fewer are looked for at the beginning of words only. */
const trigramLength = 3;
/** So much of an id is written by nobody who means a name. */
const idPattern = /^[\da-f]{8}[\da-f-]*$/;

/**
 * Finds accounts that are not deleted, those whose name or e-mail address begins with the text first. Each half reads an
 * index and stops at `limit`; one account may be in both.
 */
export function suggestionsOf(text: string, limit: number): Prisma.Sql {
	const typed = text.toLowerCase();
	const escaped = typed.replace(/[\\%_]/g, '\\$&');
	const starts = [startsWith(escaped)];
	const range = idRangeOf(typed);
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

/** Gives the first and the last id that begin so; null where this is no beginning of one. */
function idRangeOf(typed: string): { first: string; last: string } | null {
	const digits = typed.replaceAll('-', '');
	if (!idPattern.test(typed) || digits.length > 32) return null;
	return { first: digits.padEnd(32, '0'), last: digits.padEnd(32, 'f') };
}
