import type { Fault } from './fault.ts';

const server = 'src/lib/server';

export const sessionFaults: readonly Fault[] = [
	{
		title: "every user ends others' sessions",
		file: 'src/lib/contract/session-admin.ts',
		find: "{ permission: 'adminSession.delete', admin: true }",
		replace: "{ permission: 'adminSession.delete' }",
		tests: ['tests/contract/access-table.test.ts']
	},
	{
		title: 'an idle session does not end',
		file: `${server}/auth/session-age.ts`,
		find: 'idleEndMs <= now.getTime()',
		replace: 'false',
		tests: ['tests/api/own/session-age.test.ts']
	},
	{
		title: 'a session outlives its lifetime',
		file: `${server}/auth/session-age.ts`,
		find: 'end !== null && end <= now',
		replace: 'false',
		tests: ['tests/api/own/session-age.test.ts']
	},
	{
		title: 'a deleted user stays signed in',
		file: `${server}/repositories/session.repository.ts`,
		find: '`${identityText} $1`',
		replace: '`${identityText} $1`.replace(\'account."deletedAt" IS NULL AND \', "")',
		tests: ['tests/api/credentials/tokens.test.ts']
	},
	{
		title: 'lists show sessions that have ended by age',
		file: `${server}/repositories/session-list.repository.ts`,
		find: '[usedAfter, begunAfter].flatMap(({ web, mobile, other }) => [web, mobile, other])',
		replace: 'Array.from({ length: 6 }, () => new Date(0))',
		tests: ['tests/api/own/session-age.test.ts']
	},
	{
		title: "every user's sessions are listed",
		file: `${server}/repositories/session-list.repository.ts`,
		find: '`${select} AND session."userId" = $8 ORDER BY session."updatedAt" DESC, session."createdAt" DESC`',
		replace: '`${select} AND $8::uuid IS NOT NULL ORDER BY session."updatedAt" DESC, session."createdAt" DESC`',
		tests: ['tests/api/own/sessions.test.ts']
	},
	{
		title: "a page of sessions shows every user's",
		file: `${server}/repositories/session-list.repository.ts`,
		find: '`AND (session."updatedAt", session."id") ${sign} ($11::timestamptz, $12::uuid)`',
		replace: "'AND ($11::timestamptz, $12::uuid) IS NOT NULL'",
		tests: ['tests/api/own/devices.test.ts']
	},
	{
		title: "other users' sessions count as the caller's",
		file: `${server}/repositories/session.repository.ts`,
		find: '{ userId, id: { in: [...ids] } }',
		replace: '{ id: { in: [...ids] } }',
		tests: ['tests/api/own/sessions.test.ts']
	},
	{
		title: 'an admin ends a session under another user',
		file: `${server}/repositories/session.repository.ts`,
		find: '{ userId, id }',
		replace: '{ id }',
		tests: ['tests/api/admin-users/sessions.test.ts']
	},
	{
		title: 'ending the other sessions ends the calling one',
		file: `${server}/services/session.service.ts`,
		find: 'sessions.deleteByUser(auth.user.id, sessionIdOf(auth))',
		replace: 'sessions.deleteByUser(auth.user.id)',
		tests: ['tests/api/own/sessions.test.ts']
	},
	{
		title: 'ending all sessions ends the calling one',
		file: `${server}/services/session-admin.service.ts`,
		find: 'sessions.deleteAll(sessionIdOf(auth))',
		replace: 'sessions.deleteAll(null)',
		tests: ['tests/api/admin-users/sessions.test.ts']
	},
	{
		title: "ending a user's sessions ends everyone's",
		file: `${server}/repositories/session.repository.ts`,
		find: 'keptId === null ? { userId } : { userId, id: { not: keptId } }',
		replace: 'keptId === null ? {} : { id: { not: keptId } }',
		tests: ['tests/api/admin-users/sessions.test.ts']
	},
	{
		title: 'a child session outlives its parent',
		file: `${server}/auth/sessions.ts`,
		find: 'earlierOf(wantedEnd, parentEnd)',
		replace: 'wantedEnd',
		tests: ['tests/api/own/session-age.test.ts']
	},
	{
		title: 'a new password leaves other sessions signed in',
		file: `${server}/services/auth.service.ts`,
		find: 'options.areOthersEnded ? await sessions.deleteByUser(id, sessionIdOf(auth)) : 0',
		replace: '0',
		tests: ['tests/api/auth/change-password.test.ts']
	},
	{
		title: 'a password reset leaves sessions signed in',
		file: `${server}/services/user-password.service.ts`,
		find: 'await sessions.deleteByUser(id)',
		replace: '0',
		tests: ['tests/api/passwords/temporary.test.ts', 'tests/api/races/reset.test.ts']
	},
	{
		title: 'signing out does not end the session',
		file: `${server}/services/auth.service.ts`,
		find: 'await sessions.delete(sessionId)',
		replace: 'true',
		tests: ['tests/api/auth/session.test.ts']
	},
	{
		title: 'an expired token is accepted',
		file: `${server}/auth/tokens.ts`,
		find: 'exp !== undefined && exp * 1_000 <= Date.now()',
		replace: 'false',
		tests: ['tests/unit/auth/tokens.test.ts']
	},
	{
		title: 'a token with any signature is accepted',
		file: `${server}/auth/tokens.ts`,
		find: "jwtVerify(token, this.#secret, { algorithms: ['HS256'] })",
		replace: "{ payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) }",
		tests: ['tests/unit/auth/tokens.test.ts']
	},
	{
		title: 'a locked session is unlocked by using it',
		file: `${server}/auth/sessions.ts`,
		find: 'leftMs > 0 && leftMs < prolongedMs',
		replace: 'leftMs < prolongedMs',
		tests: ['tests/api/own/pin-code.test.ts']
	},
	{
		title: 'websockets of a deleted user stay open',
		file: `${server}/repositories/session.repository.ts`,
		find: '`${identityText} ANY($1::uuid[])`',
		replace: '`${identityText} ANY($1::uuid[])`.replace(\'account."deletedAt" IS NULL AND \', "")',
		tests: ['tests/api/live/events.test.ts']
	},
	{
		title: 'a changed user is served from memory',
		file: `${server}/auth/identities.ts`,
		find: 'since >= this.#allChangedAt && since >= (this.#changedAt.get(userId) ?? 0)',
		replace: 'true',
		tests: ['tests/api/credentials/tokens.test.ts']
	},
	{
		title: 'users are served from memory when changes are not heard',
		file: `${server}/auth/identities.ts`,
		find: '!this.#feed.isLive',
		replace: 'false',
		tests: ['tests/unit/auth/identities.test.ts']
	}
];
