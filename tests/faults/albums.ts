import type { Fault } from './fault.ts';

const members = ['tests/api/albums/album-members.test.ts'];
const assets = ['tests/api/albums/album-assets.test.ts'];
const albums = ['tests/api/albums/albums.test.ts'];
const visibility = ['tests/api/albums/album-visibility.test.ts'];
const activities = ['tests/api/activities/activities.test.ts'];
const feature = 'src/lib/server/features/albums';
const assetService = `${feature}/album-asset.service.ts`;
const memberService = `${feature}/album-member.service.ts`;
const activityService = 'src/lib/server/features/activities/activity.service.ts';

/** Albums, their members, and comments. */
export const albumFaults: readonly Fault[] = [
	{
		title: 'an album is changed without a lock, so that a lost role still counts',
		file: `${feature}/change-albums.ts`,
		find: 'await repositories.albums.lock(albumIds)',
		replace: 'await Promise.resolve()',
		tests: members
	},
	{
		title: 'an album is changed without access',
		file: `${feature}/change-albums.ts`,
		find: 'await requireAccess(repositories, { auth, permission, ids: [id] })',
		replace: 'await Promise.resolve()',
		tests: members
	},
	{
		title: 'a second owner is invited',
		file: `${feature}/invite-members.ts`,
		find: "invited.some(({ role }) => role === 'owner')",
		replace: 'false',
		tests: members
	},
	{
		title: 'a deleted user becomes a member',
		file: `${feature}/invite-members.ts`,
		find: 'known.length < byId.size',
		replace: 'false',
		tests: members
	},
	{
		title: 'the owner’s role is changed',
		file: memberService,
		find: "member?.role === 'owner'",
		replace: 'false',
		tests: members
	},
	{
		title: 'the owner is removed',
		file: memberService,
		find: "member.role === 'owner'",
		replace: 'false',
		tests: members
	},
	{
		title: 'a viewer removes others',
		file: memberService,
		find: "isLeaving ? 'album.read' : 'album.share'",
		replace: "'album.read'",
		tests: members
	},
	{
		title: 'photos of others are added',
		file: assetService,
		find: 'addAssets(repositories, auth, [id], inOrder(ids, sharable))',
		replace: 'addAssets(repositories, auth, [id], [...new Set(ids)])',
		tests: assets
	},
	{
		title: 'photos are added to albums of others',
		file: assetService,
		find: 'addAssets(repositories, auth, [...albums], inOrder(assetIds, assets))',
		replace: 'addAssets(repositories, auth, [...new Set(albumIds)], inOrder(assetIds, assets))',
		tests: assets
	},
	{
		title: 'an editor removes photos of others',
		file: assetService,
		find: "isOwner ? present : await checkAccess(repositories, { auth, permission: 'asset.share', ids })",
		replace: 'present',
		tests: assets
	},
	{
		title: 'a link that hides metadata shows where photos were taken',
		file: assetService,
		find: "auth.credential.kind === 'sharedLink' && !auth.credential.showMetadata",
		replace: 'false',
		tests: visibility
	},
	{
		title: 'the visitor of a link sees the members',
		file: `${feature}/album.service.ts`,
		find: "auth.credential.kind === 'sharedLink'",
		replace: 'false',
		tests: visibility
	},
	{
		title: 'any photo becomes a cover',
		file: `${feature}/album.service.ts`,
		find: 'cover !== undefined && !(await albumAssets.isShown(id, cover))',
		replace: 'false',
		tests: albums
	},
	{
		title: 'comments are read without access to the album',
		file: activityService,
		find: "requireAccess(this.#store, { auth, permission: 'album.read', ids: [albumId] })",
		replace: 'Promise.resolve()',
		tests: activities
	},
	{
		title: 'photos outside of the album are liked',
		file: activityService,
		find: 'assetId !== null && !(await albumAssets.isShown(albumId, assetId))',
		replace: 'false',
		tests: activities
	},
	{
		title: 'an album is liked twice',
		file: activityService,
		find: 'comment === null ? await activities.findLike(activity) : null',
		replace: 'null',
		tests: activities
	},
	{
		title: 'a form that adds none of the photos says nothing',
		file: assetService,
		find: "results.every(({ success, error }) => !success && error !== 'duplicate')",
		replace: 'false',
		tests: ['tests/api/albums/album-forms.test.ts']
	},
	{
		title: 'a form that removes none of the photos says nothing',
		file: assetService,
		find: 'results.every(({ success }) => !success)',
		replace: 'false',
		tests: ['tests/api/albums/album-forms.test.ts']
	},
	{
		title: 'viewers are offered albums to add photos to',
		file: `${feature}/album.repository.ts`,
		find: `AND member."role" IN ('owner', 'editor')`,
		replace: '',
		tests: ['tests/api/albums/album-forms.test.ts']
	}
];
