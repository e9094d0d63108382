import type { AuditFilter } from '#lib/contract/audit/audit.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';
import type { Place } from '#lib/server/platform/paging/cursor.ts';

export interface AuditOrder {
	readonly isDescending: boolean;
}

const columns = Prisma.sql`event."id", event."at", (event."at" AT TIME ZONE 'UTC')::text || '+00' AS "sortValue",
	event."action", event."outcome", event."reason", event."actorId", event."actorName", event."actorEmail",
	event."subjectId", event."subjectName", event."subjectEmail", event."objectKind", event."objectId",
	event."objectLabel", event."credentialKind", event."credentialId", host(event."address") AS "address",
	event."client", event."correlationId", event."batchId", event."changes"`;

/**
 * Walks an index that already has the order. The events of a user are those by them and those about them: each half is a
 * walk that stops at the limit, and duplicates count once.
 */
export function buildListQuery(
	filter: AuditFilter,
	{ isDescending }: AuditOrder,
	limit: number,
	position?: Place
): Prisma.Sql {
	const direction = isDescending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
	const order = Prisma.sql`ORDER BY "at" ${direction}, "id" ${direction} LIMIT ${limit}`;
	const conditions = [...buildConditions(filter), ...beyond(position, isDescending)];
	if (filter.user === undefined)
		return Prisma.sql`SELECT ${columns} FROM immich_auth.audit_event AS event ${where(conditions)} ${order}`;
	const halves = splitByRole(filter.user, conditions).map(
		(half) => Prisma.sql`(SELECT "at", "id" FROM immich_auth.audit_event ${half} ${order})`
	);
	return Prisma.sql`
		SELECT ${columns} FROM (${Prisma.join(halves, ' UNION ')} ${order}) AS found
		JOIN immich_auth.audit_event AS event USING ("at", "id")
		ORDER BY event."at" ${direction}, event."id" ${direction}`;
}

/** Builds the query that counts the matches of a filter, up to `limit`. */
export function buildCountQuery(filter: AuditFilter, limit: number): Prisma.Sql {
	const conditions = buildConditions(filter);
	const halves = filter.user === undefined ? [where(conditions)] : splitByRole(filter.user, conditions);
	const found = halves.map(
		(half) => Prisma.sql`(SELECT "at", "id" FROM immich_auth.audit_event ${half} LIMIT ${limit})`
	);
	return Prisma.sql`SELECT least(count(*), ${limit}) AS count FROM (${Prisma.join(found, ' UNION ')}) AS found`;
}

const where = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
	conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join([...conditions], ' AND ')}`;

const splitByRole = (userId: string, conditions: readonly Prisma.Sql[]): Prisma.Sql[] =>
	[Prisma.sql`"actorId" = ${userId}::uuid`, Prisma.sql`"subjectId" = ${userId}::uuid`].map((half) =>
		where([half, ...conditions])
	);

function buildConditions({ action, outcome, from, to, address }: AuditFilter): Prisma.Sql[] {
	const conditions: Prisma.Sql[] = [];
	if (action !== undefined) conditions.push(Prisma.sql`"action" = ${action}`);
	// Written as a literal: the planner uses the partial index of refused events only for this exact condition.
	if (outcome !== undefined)
		conditions.push(outcome === 'refused' ? Prisma.sql`"outcome" = 'refused'` : Prisma.sql`"outcome" = 'done'`);
	if (from !== undefined) conditions.push(Prisma.sql`"at" >= ${from}::timestamptz`);
	if (to !== undefined) conditions.push(Prisma.sql`"at" < ${to}::timestamptz`);
	if (address !== undefined) conditions.push(Prisma.sql`"address" = ${address}::inet`);
	return conditions;
}

function beyond(position: Place | undefined, isDescending: boolean): Prisma.Sql[] {
	if (!position) return [];
	const comparison = isDescending ? Prisma.sql`<` : Prisma.sql`>`;
	return [Prisma.sql`("at", "id") ${comparison} (${position.value}::timestamptz, ${position.id}::bigint)`];
}
