import type { Fault } from './fault.ts';

const hostile = ['tests/api/upstream/hostile.test.ts'];
const faults = ['tests/api/upstream/faults.test.ts'];
const forwarding = ['tests/api/upstream/forwarding.test.ts'];
const feature = 'src/lib/server/features/upstream';
const judge = 'src/lib/server/hooks/front-judge.ts';

/** What is forwarded to an Immich behind this server. */
export const inFrontFaults: readonly Fault[] = [
	{
		title: 'a path that is encoded twice is not taken for the API',
		file: `${feature}/request-target.ts`,
		find: 'level <= decodings',
		replace: 'level <= 1',
		tests: hostile
	},
	{
		title: 'ambiguous paths of the API are forwarded',
		file: `${feature}/request-target.ts`,
		find: 'isApi && !isPlainApiPath(path)',
		replace: 'false',
		tests: hostile
	},
	{
		title: 'a credential is sent twice',
		file: `${feature}/request-target.ts`,
		find: 'name !== base || seen.has(base)',
		replace: 'false',
		tests: hostile
	},
	{
		title: 'a client has a proxy remove the header that was judged',
		file: `${feature}/forwarded-headers.ts`,
		find: 'connectionOptions.has(option.trim().toLowerCase())',
		replace: 'true',
		tests: hostile
	},
	{
		title: 'our private headers reach Immich',
		file: `${feature}/forwarded-headers.ts`,
		find: "name.startsWith('x-immich-auth-')",
		replace: 'false',
		tests: forwarding
	},
	{
		title: 'what an ended session has under way continues',
		file: `${feature}/open-requests.ts`,
		find: 'owner && !good.has(owner.id)',
		replace: 'false',
		tests: faults
	},
	{
		title: 'downloads continue when maintenance starts',
		file: `${feature}/feature.ts`,
		find: 'open.cutAll()',
		replace: 'undefined',
		tests: faults
	},
	{
		title: 'a user who must change the password uses Immich',
		file: judge,
		find: '(isWebsocket || passwords.enforceChange)',
		replace: 'isWebsocket',
		tests: forwarding
	},
	{
		title: 'another site makes a browser change something at Immich',
		file: judge,
		find: "classifySender(headers, origin) === 'foreign'",
		replace: 'false',
		tests: forwarding
	},
	{
		title: 'a lesser key listens to the websocket',
		file: judge,
		find: "isWebsocket && !grants(credential.permissions, 'all')",
		replace: 'false',
		tests: faults
	},
	{
		title: 'our operations in capitals reach Immich',
		file: 'src/lib/server/hooks/front-split.ts',
		find: 'findApiRoute(target.path)',
		replace: '(target.path === target.path.toLowerCase() ? findApiRoute(target.path) : null)',
		tests: hostile
	}
];
