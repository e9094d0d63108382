import type { Fault } from './fault.ts';

const lastAdmin = ['tests/api/users/last-admin.test.ts'];

export const adminFaults: readonly Fault[] = [
	{
		title: 'the only admin who can sign in is removed',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: 'await oauthUnlinks.isOnlyAdminWhoCanSignIn(userId, ways)',
		replace: 'false',
		tests: lastAdmin
	},
	{
		title: 'the only admin who can sign in counts although another can',
		file: 'src/lib/server/features/oauth/oauth-unlink.repository.ts',
		find: '!second',
		replace: 'true',
		tests: lastAdmin
	},
	{
		title: 'the only admin who can sign in is demoted',
		file: 'src/lib/server/features/users/user-changes.ts',
		find: 'await requireOtherAdmin(repositories, settings, current.id)',
		replace: 'undefined',
		tests: lastAdmin
	},
	{
		title: 'the only admin who can sign in is deleted',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'await requireOtherAdmin(repositories, this.#deps.settings.current, id)',
		replace: 'undefined',
		tests: lastAdmin
	},
	{
		title: 'a bulk action deletes all admins who can sign in',
		file: 'src/lib/server/features/user-batches/user-batch-changes.sql.ts',
		find: 'Prisma.sql`${isActiveAdmin} AND ${canSignIn(ways)} AND NOT ${isAdminLeft}`',
		replace: 'Prisma.sql`FALSE`',
		tests: lastAdmin
	},
	{
		title: 'a bulk action counts on an admin whom it deletes too',
		file: 'src/lib/server/features/user-batches/user-batch-changes.sql.ts',
		after: '${canSignIn(ways)} AND (',
		find: 'isCaller(caller)',
		replace: 'Prisma.sql`TRUE`',
		tests: lastAdmin
	}
];
