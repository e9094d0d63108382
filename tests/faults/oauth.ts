import type { Fault } from './fault.ts';

const repositories = 'src/lib/server/repositories';
const unlink = ['tests/api/oauth/unlink.test.ts'];

export const oauthFaults: readonly Fault[] = [
	{
		title: 'all admins without a password are unlinked too',
		file: 'src/lib/server/services/oauth-link.service.ts',
		find: 'stranded.length > 0',
		replace: 'false',
		tests: unlink
	},
	{
		title: 'the last admin is demoted by a claim',
		file: 'src/lib/server/services/oauth-accounts.ts',
		find: '!(await users.hasAdmin(user.id))',
		replace: 'false',
		tests: ['tests/api/oauth/trust.test.ts']
	},
	{
		title: 'sessions of a provider go on after an admin unlinked it',
		file: `${repositories}/oauth-unlink.repository.ts`,
		find: "sessions !== 'kept'",
		replace: 'false',
		tests: unlink
	},
	{
		title: 'anyone may claim a new server',
		file: 'src/lib/server/auth/setup-code.ts',
		find: '!isSame(plain(proof.code), plain(this.#code))',
		replace: 'false',
		tests: ['tests/api/auth/setup-code.test.ts']
	}
];
