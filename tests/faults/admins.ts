import type { Fault } from './fault.ts';

const lastAdmin = ['tests/api/users/last-admin.test.ts'];
const adminWays = ['tests/api/races/admin-ways.test.ts'];

export const adminFaults: readonly Fault[] = [
	{
		title: 'the only admin who can sign in is removed',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: 'await repositories.oauthUnlinks.isOnlyAdminWhoCanSignIn(userId, ways)',
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
		find: 'await requireOtherAdmin(repositories, this.#deps.settings, id)',
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
	},
	{
		title: 'the ways to sign in are those in memory, which another instance may have changed',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: 'await reader.readInForce(settings)',
		replace: 'reader.current',
		tests: adminWays
	},
	{
		title: 'settings take a way to sign in while an admin is deleted',
		file: 'src/lib/server/features/settings/admin-ways.ts',
		find: 'await users.lockAdmins()',
		replace: 'void users',
		tests: adminWays
	},
	{
		title: 'a bulk action unlinks admins while settings change',
		file: 'src/lib/server/features/user-batches/user-batch-runner.ts',
		find: "['delete', 'unlinkOAuth']",
		replace: "['delete']",
		tests: adminWays
	},
	{
		title: 'everyone is unlinked while settings change',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		after: 'async unlinkAll(',
		find: 'await users.lockAdmins()',
		replace: 'void users',
		tests: adminWays
	},
	{
		title: 'an admin is unlinked while settings change',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		after: 'async #unlink(',
		find: 'await users.lockAdmins()',
		replace: 'void users',
		tests: adminWays
	},
	{
		title: 'an identity is taken over before the lock of the admins',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: 'await this.#repositories.users.lockAdmins()',
		replace: 'undefined',
		tests: adminWays
	},
	{
		title: 'a role claim demotes the only admin who can sign in',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: 'await refuseWithoutOtherAdmin(this.#repositories, this.#settings, user.id)',
		replace: '((await users.hasAdmin(user.id)) ? null : { message: "" })',
		tests: ['tests/api/oauth/trust.test.ts']
	}
];
