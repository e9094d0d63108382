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
	const escaped = escape(typed);
	const starts = [startsWith(escaped)];
	const range = idPattern.test(typed) ? toIdRange(typed) : null;
	if (range) starts.push(Prisma.sql`"id" BETWEEN ${range.first}::uuid AND ${range.last}::uuid`);
	const contains =
		typed.length < trigramLength
			? Prisma.sql`lower("name") LIKE ${`% ${escaped}%`}`
			: Prisma.sql`lower("name") LIKE ${`%${escaped}%`} OR "email" LIKE ${`%${escaped}%`}`;
	return Prisma.sql`(${half(Prisma.join(starts, ' OR '), limit)}) UNION ALL (${half(contains, limit)})`;
}

/**
 * Finds the user with this email; if there is none, those whose email or ID begins with it. Deleted users are found, too: they can
 * be restored.
 */
export function buildNamedQuery(text: string, limit: number): Prisma.Sql {
	const typed = text.toLowerCase();
	const range = isIdBeginning(typed) ? toIdRange(typed) : null;
	const begins = [Prisma.sql`"email" LIKE ${`${escape(typed)}%`}`];
	if (range) begins.push(Prisma.sql`"id" BETWEEN ${range.first}::uuid AND ${range.last}::uuid`);
	return Prisma.sql`
		WITH exact AS (SELECT "id", "email" FROM "user" WHERE "email" = ${typed})
		SELECT "id", "email" FROM exact UNION ALL (
			SELECT "id", "email" FROM "user" WHERE NOT EXISTS (SELECT FROM exact) AND (${Prisma.join(begins, ' OR ')})
			ORDER BY "email" LIMIT ${limit}
		)`;
}

const escape = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

const startsWith = (escaped: string): Prisma.Sql =>
	Prisma.sql`lower("name") LIKE ${`${escaped}%`} OR "email" LIKE ${`${escaped}%`}`;

const half = (condition: Prisma.Sql, limit: number): Prisma.Sql => Prisma.sql`
	SELECT "id", "name", "email", "avatarColor", "isAdmin" FROM "user"
	WHERE "deletedAt" IS NULL AND (${condition})
	ORDER BY lower("name"), "id" LIMIT ${limit}`;

/** Whether a text is the beginning of an ID, with the dashes where they belong. */
function isIdBeginning(typed: string): boolean {
	const padded = typed.replaceAll('-', '').padEnd(32, '0');
	const id = padded.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
	return /^[\da-f-]+$/.test(typed) && id.startsWith(typed);
}

/** Returns the first and last ID with this prefix; null if it is too long for one. */
function toIdRange(typed: string): { first: string; last: string } | null {
	const digits = typed.replaceAll('-', '');
	if (digits.length > 32) return null;
	return { first: digits.padEnd(32, '0'), last: digits.padEnd(32, 'f') };
}
