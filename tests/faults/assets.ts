import type { Fault } from './fault.ts';

const features = 'src/lib/server/features/assets';
const uploads = ['tests/api/assets/upload.test.ts'];
const reads = ['tests/api/assets/read.test.ts'];
const changes = ['tests/api/assets/change.test.ts'];
const timelines = ['tests/api/assets/timeline.test.ts'];

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
		find: 'AND (${isElevated} OR "visibility" <> \'locked\')`;\n\t}\n\n\t/** Marks a chunk',
		replace: '`;\n\t}\n\n\t/** Marks a chunk',
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
	}
];
