import type { Fault } from './fault.ts';

const lastWayIn = ['tests/api/oauth/last-way-in.test.ts'];
const unlink = ['tests/api/oauth/unlink.test.ts'];

export const oauthFaults: readonly Fault[] = [
	{
		title: 'all admins without a password are unlinked too',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: 'await oauthUnlinks.listStrandedAdmins(everyone, ways, mostStranded)',
		replace: '[]',
		tests: ['tests/api/oauth/unlink-without-password.test.ts']
	},
	{
		title: 'an admin without a password loses the last provider',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: 'await oauthUnlinks.listStrandedAdmins(links, ways, mostStranded)',
		replace: '[]',
		tests: lastWayIn
	},
	{
		title: 'a provider that is off counts as a way in',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: 'listProviders(settings)',
		replace: "[...listProviders(settings), { id: 'immich' }, { id: 'club' }]",
		tests: lastWayIn
	},
	{
		title: 'the last provider of the admins is removed',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: 'from.providerIds.every((id) => to.providerIds.includes(id))',
		replace: 'true',
		tests: lastWayIn
	},
	{
		title: 'password sign-in is switched off for all admins',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: '(to.isPasswordLoginOn || !from.isPasswordLoginOn)',
		replace: 'true',
		tests: lastWayIn
	},
	{
		title: 'the last admin is demoted by a claim',
		file: 'src/lib/server/features/users/user-changes.ts',
		find: '!(await repositories.users.hasAdmin(id))',
		replace: 'false',
		tests: ['tests/api/oauth/trust.test.ts']
	},
	{
		title: 'sessions of a provider go on after an admin unlinked it',
		file: 'src/lib/server/features/oauth/oauth-unlink.repository.ts',
		find: "sessions !== 'kept'",
		replace: 'false',
		tests: unlink
	},
	{
		title: 'a batch ends the session that ordered it',
		file: 'src/lib/server/features/user-batches/user-batch-runner.ts',
		find: 'batch.createdBySession',
		replace: 'null',
		tests: unlink
	},
	{
		title: 'a batch leaves sessions of a provider alone',
		file: 'src/lib/server/features/user-batches/user-batch-changes.sql.ts',
		find: 'providerSession.isNot(keptSessionId)',
		replace: 'Prisma.sql`false`',
		tests: unlink
	},
	{
		title: 'a batch of a demoted admin continues',
		file: 'src/lib/server/features/user-batches/user-batch-runner.ts',
		find: '(await users.find(batch.createdBy))?.isAdmin',
		replace: 'true',
		tests: ['tests/api/user-batches/orders.test.ts']
	},
	{
		title: 'anyone may claim a new server',
		file: 'src/lib/server/features/sign-in/setup-code.ts',
		find: '!isSame(plain(proof.code), plain(this.#code))',
		replace: 'false',
		tests: ['tests/api/sign-in/setup-code.test.ts']
	}
];
