import type { Fault } from './fault.ts';

const matrix = ['tests/unit/access/access-matrix.test.ts'];
const graphs = ['tests/unit/access/access-graphs.test.ts'];
const relations = 'src/lib/server/features/access/relations.sql.ts';
const requireAccess = 'src/lib/server/features/access/require-access.ts';
const repository = 'src/lib/server/features/access/access.repository.ts';

/** Who has access to photos, albums and links. */
export const objectAccessFaults: readonly Fault[] = [
	{
		title: 'a link without the right to download downloads',
		file: requireAccess,
		find: "credential.kind !== 'sharedLink' || credential[right]",
		replace: 'true',
		tests: matrix
	},
	{
		title: 'a link has all rights of its creator',
		file: repository,
		find: "(name === 'link') === (subject.linkId !== null)",
		replace: 'true',
		tests: matrix
	},
	{
		title: 'locked assets are within reach of a session that isn’t elevated',
		file: relations,
		find: "locked === 'ifElevated' && isElevated",
		replace: "locked === 'ifElevated'",
		tests: graphs
	},
	{
		title: 'locked assets can be shared',
		file: relations,
		find: "locked === 'ifElevated' && isElevated",
		replace: 'isElevated',
		tests: graphs
	},
	{
		title: 'the motion part of a locked photo isn’t locked',
		file: relations,
		find: 'sql`AND asset."visibility" <> \'locked\' AND asset."id" NOT IN (\n\t\t\t\t\tSELECT photo."wantedId" FROM photo WHERE photo."visibility" = \'locked\'\n\t\t\t\t)`',
		replace: 'sql`AND asset."visibility" <> \'locked\'`',
		tests: graphs
	},
	{
		title: 'others see assets in the trash',
		file: relations,
		find: `asset."deletedAt" IS NULL AND asset."visibility" <> 'locked'`,
		replace: `asset."visibility" <> 'locked'`,
		tests: graphs
	},
	{
		title: 'album members see locked assets',
		file: relations,
		find: `asset."deletedAt" IS NULL AND asset."visibility" <> 'locked'`,
		replace: `asset."deletedAt" IS NULL`,
		tests: graphs
	},
	{
		title: 'a partner sees archived assets',
		file: relations,
		find: `partner."sharedWithId" = \${userId}::uuid AND asset."visibility" = 'timeline' AND`,
		replace: `partner."sharedWithId" = \${userId}::uuid AND`,
		tests: graphs
	},
	{
		title: 'an album outlives its owner',
		file: relations,
		find: `"ownership"."role" = 'owner' AND "albumOwner"."deletedAt" IS NULL`,
		replace: `"ownership"."role" = 'owner'`,
		tests: graphs
	},
	{
		title: 'an expired link still shows assets',
		file: relations,
		find: `link."expiresAt" > now()`,
		replace: 'true',
		tests: graphs
	},
	{
		title: 'the link of a viewer shows an album',
		file: relations,
		find: `"creator"."role" IN ('owner', 'editor')`,
		replace: 'true',
		tests: graphs
	},
	{
		title: 'a link shows assets that its creator may no longer share',
		file: relations,
		find: 'asset."ownerId" = link."userId"',
		replace: 'true',
		tests: graphs
	},
	{
		title: 'comments are accepted where the album’s activity is off',
		file: relations,
		find: 'AND album."isActivityEnabled"',
		replace: '',
		tests: ['tests/unit/access/access-states.test.ts']
	},
	{
		title: 'deleted notifications can be read',
		file: relations,
		find: 'sql`"notification"`, sql`AND "deletedAt" IS NULL`',
		replace: 'sql`"notification"`',
		tests: ['tests/unit/access/access-states.test.ts']
	}
];
