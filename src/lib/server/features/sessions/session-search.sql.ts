import { isIP } from 'node:net';
import { dayMs } from '#lib/contract/day.ts';
import type { SessionFilter } from '#lib/contract/sessions/session-search.ts';
import { uuidPattern } from '#lib/contract/uuid-pattern.ts';
import { Prisma } from '#lib/server/platform/generated/prisma/client.ts';
import { isLive, toValues, type OldestAllowed } from './session-list.repository.ts';

/** Which sessions are meant: those of a filter, or chosen ones; never the excepted one, nor one of a deleted user. */
export interface SessionChoice {
	readonly filter?: SessionFilter;
	readonly ids?: readonly string[];
	readonly exceptId?: string | null;
}

/** The tables that the conditions refer to. */
export const sessionRows = Prisma.sql`"session" AS session
	JOIN "user" AS account ON account."id" = session."userId" AND account."deletedAt" IS NULL`;

/** It has an index. */
const deviceText = Prisma.sql`immich_auth.device_name("deviceType", "deviceOS", "appVersion")`;

/** Returns the SQL condition of a choice, over `sessionRows`. Sessions past an age limit are never chosen. */
export function buildSessionCondition({ filter, ids, exceptId }: SessionChoice, oldest: OldestAllowed): Prisma.Sql {
	const conditions = [toLiveCondition(oldest)];
	if (ids) conditions.push(Prisma.sql`session."id" = ANY(${[...ids]}::uuid[])`);
	if (exceptId) conditions.push(Prisma.sql`session."id" <> ${exceptId}::uuid`);
	if (filter) conditions.push(...listConditions(filter, oldest.now));
	return Prisma.join(conditions, ' AND ');
}

function listConditions({ q, device, appVersion, address, idleDays }: SessionFilter, now: Date): Prisma.Sql[] {
	const conditions: Prisma.Sql[] = [];
	if (q !== '') conditions.push(userCondition(q.toLowerCase()));
	if (device !== '') {
		const part = `%${escape(device.toLowerCase())}%`;
		conditions.push(Prisma.sql`session."id" IN (
			SELECT "id" FROM "session" WHERE ${deviceText} LIKE ${part} UNION ALL
			SELECT "sessionId" FROM immich_auth.session_origin
			WHERE "clientName" IS NOT NULL AND lower("clientName") LIKE ${part})`);
	}
	if (appVersion !== '') conditions.push(Prisma.sql`session."appVersion" LIKE ${`${escape(appVersion)}%`}`);
	if (address !== '')
		// A whole address must not find those that only begin with it.
		conditions.push(Prisma.sql`session."id" IN (
			SELECT "sessionId" FROM immich_auth.session_origin
			WHERE "lastAddress" LIKE ${escape(address) + (isIP(address) === 0 ? '%' : '')})`);
	if (idleDays !== undefined)
		conditions.push(Prisma.sql`session."updatedAt" <= ${new Date(now.getTime() - idleDays * dayMs)}`);
	return conditions;
}

/** Names and emails have trigram indexes. A UUID is looked up by ID only. */
function userCondition(q: string): Prisma.Sql {
	if (uuidPattern.test(q)) return Prisma.sql`(session."userId" = ${q}::uuid OR session."id" = ${q}::uuid)`;
	const part = `%${escape(q)}%`;
	return Prisma.sql`session."userId" IN (
		SELECT "id" FROM "user" WHERE lower("name") LIKE ${part} OR "email" LIKE ${part})`;
}

const escape = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** Turns the condition of the lists into one that carries its own values. */
function toLiveCondition(oldest: OldestAllowed): Prisma.Sql {
	const values = toValues(oldest);
	const parts = isLive.split(/\$(\d)/);
	const texts = parts.filter((_, at) => at % 2 === 0);
	const used = parts.filter((_, at) => at % 2 === 1).map((digit) => values[Number(digit) - 1]);
	return new Prisma.Sql(texts, used);
}
