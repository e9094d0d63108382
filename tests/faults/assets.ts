import type { Fault } from './fault.ts';

const features = 'src/lib/server/features/assets';
const uploads = ['tests/api/assets/upload.test.ts'];
const reads = ['tests/api/assets/read.test.ts'];
const changes = ['tests/api/assets/change.test.ts'];
const timelines = ['tests/api/assets/timeline.test.ts'];
const events = ['tests/api/assets/events.test.ts'];
const outsiders = ['tests/api/assets/outsiders.test.ts'];

/** Uploads, files, the trash, the locked folder and the timeline. */
export const assetFaults: readonly Fault[] = [
	{
		title: 'parallel uploads exceed the quota',
		file: `${features}/asset-upload.service.ts`,
		find: 'quota !== null && used > quota',
		replace: 'false',
		tests: uploads
	},
	{
		title: 'a refused upload leaves its file',
		file: `${features}/asset-upload.service.ts`,
		find: 'await this.#removeUnlessInserted(asset.id, kept)',
		replace: 'void kept',
		tests: uploads
	},
	{
		title: 'a link that takes no uploads takes them',
		file: `${features}/asset-upload.service.ts`,
		find: "credential.kind === 'sharedLink' && !credential.allowUpload",
		replace: 'false',
		tests: uploads
	},
	{
		title: 'a visitor learns which files the creator of a link has',
		file: `${features}/asset-upload.service.ts`,
		find: 'known && !isVisitor(auth)',
		replace: 'known',
		tests: uploads
	},
	{
		title: 'a cut-off upload leaves its temporary file',
		file: `${features}/asset-files.ts`,
		find: 'rm(temporary, { force: true })',
		replace: 'Promise.resolve()',
		tests: uploads
	},
	{
		title: 'a locked photo stays in albums and links',
		file: `${features}/asset.service.ts`,
		find: 'assets.unshare(all)',
		replace: 'Promise.resolve()',
		tests: changes
	},
	{
		title: 'the trash of the locked folder is emptied without the PIN',
		file: `${features}/asset-trash.repository.ts`,
		find: 'AND (${isElevated} OR "visibility" <> \'locked\')',
		replace: 'AND (${isElevated} OR true)',
		tests: changes
	},
	{
		title: 'a file is shown that can run scripts',
		file: 'src/lib/server/platform/http/binary.ts',
		find: `"default-src 'none'; sandbox"`,
		replace: `"default-src 'none'"`,
		tests: reads
	},
	{
		title: 'a range that begins after the end gets the whole file',
		file: 'src/lib/server/platform/http/binary.ts',
		find: 'range.start >= sizeBytes',
		replace: 'false',
		tests: reads
	},
	{
		title: 'the locked folder is listed without the PIN',
		file: `${features}/timeline.service.ts`,
		find: "visibility === 'locked' && !isElevated(auth)",
		replace: 'false',
		tests: timelines
	},
	{
		title: 'a partner sees the trash',
		file: `${features}/timeline.service.ts`,
		find: "isOthers && (isTrashed || visibility === 'locked' || visibility === 'hidden' || isFavorite === true)",
		replace: 'false',
		tests: timelines
	},
	{
		title: 'an original without a row is removed, whatever the reason',
		file: `${features}/asset-removal.ts`,
		find: '!(await files.isNoted(assetId))',
		replace: 'false',
		tests: ['tests/unit/assets/removal.test.ts']
	},
	{
		title: 'the files of a user outlive a permanent deletion',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'stored.find(this.#deps.removalListeners, id)',
		replace: 'undefined',
		tests: ['tests/api/assets/owner-removal.test.ts']
	},
	{
		title: 'the sync of quota usage forgets an upload in progress',
		file: 'src/lib/server/features/statistics/quota-usage.repository.ts',
		find: 'LIMIT ${chunkSize} FOR UPDATE',
		replace: 'LIMIT ${chunkSize}',
		tests: ['tests/unit/statistics/quota-usage.test.ts']
	},
	{
		title: 'sessions that aren’t unlocked hear of locked photos',
		file: 'src/lib/server/features/realtime/asset-events.ts',
		find: 'isLocked ? all.filter(({ isElevated }) => isElevated) : all',
		replace: 'all',
		tests: events
	},
	{
		title: 'sessions that aren’t unlocked get the details of a photo that is locked',
		file: 'src/lib/server/features/realtime/asset-events.ts',
		find: 'isElevated ? rows : []',
		replace: 'rows',
		tests: events
	},
	{
		title: 'a link that hides metadata plays videos with theirs',
		file: 'src/lib/server/features/assets/asset-media.service.ts',
		find: '!mustHide',
		replace: 'true',
		tests: outsiders
	},
	{
		title: 'a visitor’s upload doesn’t wait for changes of the album',
		file: 'src/lib/server/features/assets/asset-upload.service.ts',
		find: 'await repositories.albums.lock([credential.albumId])',
		replace: 'await Promise.resolve()',
		tests: outsiders
	},
	{
		title: 'a visitor stores files that no quota counts',
		file: 'src/lib/server/features/assets/asset-upload.service.ts',
		find: 'sidecar instanceof StoredUpload && !isVisitor(auth)',
		replace: 'sidecar instanceof StoredUpload',
		tests: outsiders
	},
	{
		title: 'a locked file of a link’s creator is shown to those who upload the same one',
		file: 'src/lib/server/features/assets/asset-upload.service.ts',
		find: 'isVisitor(auth) && known.isSharable',
		replace: 'isVisitor(auth)',
		tests: ['tests/api/assets/link-upload.test.ts']
	},
	{
		title: 'a photo is moved to a year that clients can’t show',
		file: 'src/lib/server/features/assets/asset.service.ts',
		find: 'isMoved && !(await assets.areTimesShowable(ids))',
		replace: 'false',
		tests: ['tests/api/assets/change-time.test.ts']
	},
	{
		title: 'the notes about photos of others are changed',
		file: 'src/lib/server/features/assets/asset-metadata.service.ts',
		find: "await requireAccess(repositories, { auth, permission: 'asset.update', ids })",
		replace: 'await Promise.resolve()',
		tests: ['tests/api/assets/metadata.test.ts']
	},
	{
		title: 'a deadlock is an unhandled failure',
		file: 'src/lib/server/platform/database/transactions.ts',
		find: 'conflictStates.includes(getSqlState(error))',
		replace: 'false',
		tests: ['tests/unit/database/deadlock.test.ts']
	}
];
