import type { Fault } from './fault.ts';

const attach = ['tests/api/attach/attach.test.ts'];
const restore = ['tests/api/attach/restore.test.ts'];
const check = ['tests/api/attach/check.test.ts'];

export const attachFaults: readonly Fault[] = [
	{
		title: 'a user is removed with their photos beside a running Immich',
		file: 'src/lib/server/features/users/feature.ts',
		find: '(immich ? [refuse] : [])',
		replace: '[]',
		tests: attach
	},
	{
		title: "foreign keys to Immich's tables stay",
		file: 'src/lib/server/platform/database/migrate.ts',
		find: 'dropObstacles(client)',
		replace: 'undefined',
		tests: ['tests/api/attach/immich-migrations.test.ts']
	},
	{
		title: "nothing looks for replaced tables after Immich's restore",
		file: 'src/lib/server/app/open-platform.ts',
		find: 'database.immich && { watch: watchTriggers(log) }',
		replace: 'null',
		tests: restore
	},
	{
		title: 'the tables of another program are written to',
		file: 'src/lib/server/platform/database/foreign-objects.ts',
		find: 'rows.length === 0',
		replace: 'true',
		tests: check
	},
	{
		title: 'detach deletes a database of our own',
		file: 'src/lib/server/platform/database/detach.ts',
		find: '!immich',
		replace: 'false',
		tests: check
	},
	{
		title: 'our maintenance reaches a running Immich',
		file: 'src/lib/server/features/maintenance/maintenance.repository.ts',
		after: 'const value = withSecret(mode',
		find: 'this.#vault.isShared',
		replace: 'false',
		tests: attach
	}
];
