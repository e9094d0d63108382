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
		find: "if (credential.kind === 'sharedLink' && !credential.allowUpload) throw noUploadByLink();",
		replace: '',
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
		find: 'await rm(temporary, { force: true });\n\t\t\tthrow',
		replace: 'throw',
		tests: uploads
	},
	{
		title: 'a locked photo stays in albums and links',
		file: `${features}/asset.service.ts`,
		find: "if (visibility === 'locked') await assets.unshare(all);",
		replace: '',
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
		find: "'content-security-policy': \"default-src 'none'; sandbox\",",
		replace: '',
		tests: reads
	},
	{
		title: 'a range that begins after the end gets the whole file',
		file: 'src/lib/server/platform/http/binary.ts',
		find: 'if (range.start >= sizeBytes) throw unsatisfiable();',
		replace: 'if (range.start >= sizeBytes) return null;',
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
	}
];
