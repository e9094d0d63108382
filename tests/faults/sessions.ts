import type { Fault } from './fault.ts';

export const sessionFaults: readonly Fault[] = [
	{
		title: "every user ends others' sessions",
		file: 'src/lib/contract/sessions/session-admin.ts',
		find: "{ permission: 'adminSession.delete', admin: true }",
		replace: "{ permission: 'adminSession.delete' }",
		tests: ['tests/contract/access-table.test.ts']
	},
	{
		title: 'an admin ends the own session with those that match',
		file: 'src/lib/server/features/sessions/session-search.sql.ts',
		find: 'Prisma.sql`session."id" <> ${exceptId}::uuid`',
		replace: 'Prisma.sql`TRUE`',
		tests: ['tests/api/sessions/session-search.test.ts']
	},
	{
		title: 'a filter without a condition ends the sessions of everyone',
		file: 'src/lib/contract/sessions/session-search.ts',
		find: 'filter === undefined || isNarrowed(filter)',
		replace: 'true',
		tests: ['tests/api/sessions/session-search.test.ts']
	},
	{
		title: 'a whole address also finds those that begin with it',
		file: 'src/lib/server/features/sessions/session-search.sql.ts',
		find: "(isIP(address) === 0 ? '%' : '')",
		replace: "'%'",
		tests: ['tests/api/sessions/session-search.test.ts']
	},
	{
		title: 'a demoted admin ends chosen sessions',
		file: 'src/lib/server/features/sessions/session-search.service.ts',
		find: 'await requireLiveAdmin(repositories, auth)',
		replace: 'undefined',
		tests: ['tests/api/races/ended-admins.test.ts']
	},
	{
		title: 'an idle session does not end',
		file: 'src/lib/server/features/sessions/session-age.ts',
		find: 'idleEndMs <= now.getTime()',
		replace: 'false',
		tests: ['tests/api/sessions/session-age.test.ts']
	},
	{
		title: 'a session outlives its lifetime',
		file: 'src/lib/server/features/sessions/session-age.ts',
		find: 'end !== null && end <= now',
		replace: 'false',
		tests: ['tests/api/sessions/session-age.test.ts']
	},
	{
		title: 'a deleted user stays signed in',
		file: 'src/lib/server/features/sessions/session.repository.ts',
		find: '`${identityText} $1`',
		replace: '`${identityText} $1`.replace(\'account."deletedAt" IS NULL AND \', "")',
		tests: ['tests/api/credentials/tokens.test.ts']
	},
	{
		title: 'lists show sessions that have ended by age',
		file: 'src/lib/server/features/sessions/session-list.repository.ts',
		find: '[usedAfter, begunAfter].flatMap(({ web, mobile, other }) => [web, mobile, other])',
		replace: 'Array.from({ length: 6 }, () => new Date(0))',
		tests: ['tests/api/sessions/session-age.test.ts']
	},
	{
		title: "every user's sessions are listed",
		file: 'src/lib/server/features/sessions/session-list.repository.ts',
		find: '`${select} AND session."userId" = $8 ORDER BY session."updatedAt" DESC, session."createdAt" DESC`',
		replace: '`${select} AND $8::uuid IS NOT NULL ORDER BY session."updatedAt" DESC, session."createdAt" DESC`',
		tests: ['tests/api/sessions/sessions.test.ts']
	},
	{
		title: "a page of sessions shows every user's",
		file: 'src/lib/server/features/sessions/session-list.repository.ts',
		find: '`AND (session."updatedAt", session."id") ${sign} ($11::timestamptz, $12::uuid)`',
		replace: "'AND ($11::timestamptz, $12::uuid) IS NOT NULL'",
		tests: ['tests/api/sessions/devices.test.ts']
	},
	{
		title: "other users' sessions count as the caller's",
		file: 'src/lib/server/features/access/relations.sql.ts',
		find: '"id" = ANY(${ids}) AND "userId" = ${userId}::uuid ${condition}',
		replace: '"id" = ANY(${ids}) ${condition}',
		tests: ['tests/api/sessions/sessions.test.ts']
	},
	{
		title: 'an admin ends a session under another user',
		file: 'src/lib/server/features/sessions/session.repository.ts',
		find: '{ userId, id }',
		replace: '{ id }',
		tests: ['tests/api/sessions/user-sessions.test.ts']
	},
	{
		title: 'ending the other sessions ends the calling one',
		file: 'src/lib/server/features/sessions/session.service.ts',
		find: 'sessions.deleteByUser(auth.user.id, getSessionId(auth))',
		replace: 'sessions.deleteByUser(auth.user.id)',
		tests: ['tests/api/sessions/sessions.test.ts']
	},
	{
		title: 'ending all sessions ends the calling one',
		file: 'src/lib/server/features/sessions/session-admin.service.ts',
		find: 'sessions.deleteAll(getSessionId(auth))',
		replace: 'sessions.deleteAll(null)',
		tests: ['tests/api/sessions/user-sessions.test.ts']
	},
	{
		title: "ending a user's sessions ends everyone's",
		file: 'src/lib/server/features/sessions/session.repository.ts',
		find: 'keptId === null ? { userId } : { userId, id: { not: keptId } }',
		replace: 'keptId === null ? {} : { id: { not: keptId } }',
		tests: ['tests/api/sessions/user-sessions.test.ts']
	},
	{
		title: 'a child session outlives its parent',
		file: 'src/lib/server/features/sessions/session-manager.ts',
		find: 'getEarlier(wantedEnd, parentEnd)',
		replace: 'wantedEnd',
		tests: ['tests/api/sessions/session-age.test.ts']
	},
	{
		title: 'a new password leaves other sessions signed in',
		file: 'src/lib/server/features/users/own-password.ts',
		find: 'options.areOthersEnded ? await sessions.deleteByUser(id, getSessionId(auth)) : 0',
		replace: '0',
		tests: ['tests/api/users/change-password.test.ts']
	},
	{
		title: 'a password reset leaves sessions signed in',
		file: 'src/lib/server/features/users/user-password.service.ts',
		find: 'await sessions.deleteByUser(id)',
		replace: '0',
		tests: ['tests/api/users/temporary-passwords.test.ts', 'tests/api/races/reset.test.ts']
	},
	{
		title: 'signing out does not end the session',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'await sessions.delete(sessionId)',
		replace: 'true',
		tests: ['tests/api/sign-in/session-check.test.ts']
	},
	{
		title: 'an expired token is accepted',
		file: 'src/lib/server/platform/caller/access-tokens.ts',
		find: 'exp !== undefined && exp * 1_000 <= Date.now()',
		replace: 'false',
		tests: ['tests/unit/caller/tokens.test.ts']
	},
	{
		title: 'a token with any signature is accepted',
		file: 'src/lib/server/platform/caller/access-tokens.ts',
		find: "jwtVerify(token, this.#secret, { algorithms: ['HS256'] })",
		replace: "{ payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) }",
		tests: ['tests/unit/caller/tokens.test.ts']
	},
	{
		title: 'a locked session is unlocked by using it',
		file: 'src/lib/server/features/sessions/session-manager.ts',
		find: 'leftMs > 0 && !isExtendedAlready',
		replace: '!isExtendedAlready',
		tests: ['tests/api/sign-in/pin-code.test.ts']
	},
	{
		title: 'websockets of a deleted user stay open',
		file: 'src/lib/server/features/sessions/session.repository.ts',
		find: '`${identityText} ANY($1::uuid[])`',
		replace: '`${identityText} ANY($1::uuid[])`.replace(\'account."deletedAt" IS NULL AND \', "")',
		tests: ['tests/api/realtime/events.test.ts']
	},
	{
		title: 'a changed user is served from memory',
		file: 'src/lib/server/features/access/identity-cache.ts',
		find: 'since >= this.#allChangedAt && since >= (this.#changedAt.get(userId) ?? 0)',
		replace: 'true',
		tests: ['tests/api/credentials/tokens.test.ts']
	},
	{
		title: 'users are served from memory while no notifications arrive',
		file: 'src/lib/server/features/access/identity-cache.ts',
		find: '!this.#feed.isLive',
		replace: 'false',
		tests: ['tests/unit/access/identity-cache.test.ts']
	},
	{
		title: 'an open page isn’t told that its session was locked',
		file: 'src/lib/server/features/realtime/gateway.ts',
		find: 'now.elevatedUntil !== owner.elevatedUntil && socket.rooms.has(allConsoles)',
		replace: 'false',
		tests: ['tests/api/realtime/events.test.ts']
	},
	{
		title: 'each request extends an elevated session',
		file: 'src/lib/server/features/sessions/session-manager.ts',
		find: 'leftMs > extensionMs - extensionPauseMs',
		replace: 'leftMs > extensionMs',
		tests: ['tests/api/sign-in/pin-code.test.ts']
	}
];
