import type { Fault } from './fault.ts';

const authorize = ['tests/unit/caller/authorize.test.ts'];
const site = ['tests/unit/caller/request-site.test.ts'];

/** The condition in SQL. */
const passwordGate = {
	file: 'src/lib/server/features/users/must-change-password.sql.ts',
	find: `\`(account."shouldChangePassword" AND coalesce(account."password", '') <> ''
	AND (state."setBy" IS DISTINCT FROM account."id" OR state."demandedAt" IS NOT NULL))\``,
	tests: ['tests/api/sign-in/password-gate.test.ts']
};

export const accessFaults: readonly Fault[] = [
	{
		title: 'other users use the operations of admins',
		file: 'src/lib/server/platform/caller/authorize.ts',
		find: 'access.admin && !auth.user.isAdmin',
		replace: 'false',
		tests: authorize
	},
	{
		title: 'an API key needs no permission',
		file: 'src/lib/server/platform/caller/authorize.ts',
		find: '!grants(auth.credential.permissions, wanted)',
		replace: 'false',
		tests: authorize
	},
	{
		title: 'an API key counts as an unlocked session',
		file: 'src/lib/server/platform/caller/authorize.ts',
		find: 'access.elevated && !isElevated(auth)',
		replace: "access.elevated && auth.credential.kind === 'session' && !isElevated(auth)",
		tests: authorize
	},
	{
		title: 'admin pages are open to every user',
		file: 'src/lib/contract/pages.ts',
		find: '{ access: { admin: true } }',
		replace: '{ access: {} }',
		tests: ['tests/contract/access-table.test.ts']
	},
	{
		title: 'a page of a sister domain passes as our own',
		file: 'src/lib/server/platform/caller/request-site.ts',
		find: "site !== undefined && site !== 'none'",
		replace: "site === 'cross-site'",
		tests: site
	},
	{
		title: 'an opaque origin passes as our own',
		file: 'src/lib/server/platform/caller/request-site.ts',
		find: "normalized !== null && normalized !== 'null' && normalized === normalizeOrigin(own)",
		replace: "normalized === 'null' || normalized === normalizeOrigin(own)",
		tests: site
	},
	{
		title: 'a session in the query is exempt from the cross-site check',
		file: 'src/lib/server/platform/caller/credentials.ts',
		find: "{ kind: 'session', secret: inQuery, isAmbient: true }",
		replace: "{ kind: 'session', secret: inQuery, isAmbient: false }",
		tests: ['tests/unit/caller/credentials.test.ts', 'tests/api/door/credential-in-address.test.ts']
	},
	{
		title: 'an ended session still acts',
		file: 'src/lib/server/features/access/require-live-credential.ts',
		find: '!(await sessions.exists(credential.sessionId))',
		replace: 'false',
		tests: ['tests/api/races/ended-credentials.test.ts']
	},
	{
		title: 'a demoted admin still acts',
		file: 'src/lib/server/features/access/require-live-credential.ts',
		find: '!(await repositories.users.find(auth.user.id))?.isAdmin',
		replace: 'false',
		tests: ['tests/api/races/ended-credentials.test.ts']
	},
	{
		title: 'the password gate lets everyone pass',
		...passwordGate,
		replace: '`FALSE`'
	},
	{
		title: 'the password gate stops users without a flag',
		...passwordGate,
		replace: passwordGate.find.replace('account."shouldChangePassword"', 'TRUE')
	},
	{
		title: 'the password gate stops users without a password',
		...passwordGate,
		replace: passwordGate.find.replace(`coalesce(account."password", '') <> ''`, 'TRUE')
	},
	{
		title: 'the password gate stops users who have chosen their password',
		...passwordGate,
		replace: passwordGate.find.replace('state."setBy" IS DISTINCT FROM account."id"', 'TRUE')
	},
	{
		title: 'the password gate lets users pass who must change the password they chose',
		...passwordGate,
		replace: passwordGate.find.replace(' OR state."demandedAt" IS NOT NULL', '')
	}
];
