import type { Fault } from './fault.ts';

const visitors = ['tests/api/shared-links/link-visitors.test.ts'];
const links = ['tests/api/shared-links/shared-links.test.ts'];
const downloadStreams = ['tests/api/downloads/download-streams.test.ts'];
const zips = ['tests/unit/downloads/zip.test.ts'];
const visits = 'src/lib/server/features/shared-links/link-visit.service.ts';
const service = 'src/lib/server/features/shared-links/shared-link.service.ts';
const dto = 'src/lib/server/features/shared-links/shared-link-dto.ts';

/** Shared links, their visitors, and downloads. */
export const sharedLinkFaults: readonly Fault[] = [
	{
		title: 'a protected link is shown without its password',
		file: visits,
		find: '!credential.isProven',
		replace: 'false',
		tests: visitors
	},
	{
		title: 'wrong link passwords are not counted',
		file: visits,
		find: 'await passwordAttempts.count(counted)',
		replace: 'await Promise.resolve()',
		tests: visitors
	},
	{
		title: 'wrong link passwords are counted per network only',
		file: visits,
		find: '[`network:${toNetwork(auth.clientInfo.address).name}`, `link:${linkId}`]',
		replace: '[`network:${toNetwork(auth.clientInfo.address).name}`]',
		tests: visitors
	},
	{
		title: 'every link password is right',
		file: visits,
		find: '!(await passwords.matches(password, passwordHash, toQueueOptions(`link:${linkId}`, auth.clientInfo)))',
		replace: 'false',
		tests: visitors
	},
	{
		title: 'a link to photos is created without the right to share them',
		file: service,
		find: "requireAccess(repositories, { auth, permission: 'asset.share', ids: assetIds })",
		replace: 'Promise.resolve()',
		tests: links
	},
	{
		title: 'a link to an album is created without the right to share it',
		file: service,
		find: "requireAccess(repositories, { auth, permission: 'album.share', ids: [albumId] })",
		replace: 'Promise.resolve()',
		tests: links
	},
	{
		title: 'hidden metadata is shown',
		file: dto,
		find: 'row.showMetadata ? auth : toVisitor(row, auth.user)',
		replace: 'toVisitor({ ...row, showMetadata: true }, auth.user)',
		tests: visitors
	},
	{
		title: 'strangers see the email of an album’s owner',
		file: 'src/lib/server/features/albums/album-dto.ts',
		find: "{ ...user, email: '', profileImagePath: '', ...(!showMetadata && { name: '' }) }",
		replace: '{ ...user }',
		tests: visitors
	},
	{
		title: 'a link that denies downloads is downloaded whole',
		file: 'src/lib/server/features/downloads/download.service.ts',
		find: 'wanted === undefined && !link?.allowDownload',
		replace: 'false',
		tests: downloadStreams
	},
	{
		title: 'an archive goes on when access is lost',
		file: 'src/lib/server/features/downloads/download.service.ts',
		find: 'index % filesPerCheck !== 0',
		replace: 'true',
		tests: downloadStreams
	},
	{
		title: 'a stored path leads out of the data folder',
		file: 'src/lib/server/features/downloads/zip.ts',
		find: '!resolved.startsWith(`${dataDir}${path.sep}`)',
		replace: 'false',
		tests: zips
	},
	{
		title: 'archives have no contents',
		file: 'src/lib/server/features/downloads/zip.ts',
		find: 'left > 0',
		replace: 'false',
		tests: zips
	},
	{
		title: 'the key of a link’s page is logged',
		file: 'src/lib/server/platform/http/logged-path.ts',
		find: "pathname.replace(/^\\/+(share|s)\\/+[^/]+/i, '/$1/…')",
		replace: 'pathname',
		tests: ['tests/api/shared-links/logs.test.ts']
	},
	{
		title: 'visitors upload on the page without the password',
		file: 'src/lib/server/features/shared-links/link-page.http.ts',
		find: "auth.credential.kind !== 'sharedLink' || !auth.credential.isProven",
		replace: 'false',
		tests: ['tests/api/shared-links/page-uploads.test.ts']
	}
];
