import type { Fault } from './fault.ts';

const profiles = ['tests/unit/cli/profiles.test.ts'];

export const cliFaults: readonly Fault[] = [
	{
		title: 'a profile name leaves the folder of profiles',
		file: 'src/cli/session/folders.ts',
		find: '/[/\\\\\\0]/.test(name)',
		replace: 'false',
		tests: profiles
	},
	{
		title: 'everyone can read a session file',
		file: 'src/cli/session/json-file.ts',
		find: '0o600',
		replace: '0o644',
		tests: profiles
	},
	{
		title: 'saving replaces a damaged session file',
		file: 'src/cli/session/profiles.ts',
		find: 'await load(name)',
		replace: 'null',
		tests: profiles
	},
	{
		title: 'the reason for a damaged file quotes it',
		file: 'src/cli/session/json-file.ts',
		find: "'is not valid JSON'",
		replace: 'bytes.toString()',
		tests: profiles
	},
	{
		title: 'a redirect takes the credential to another server',
		file: 'src/cli/client/server.ts',
		find: "'manual'",
		replace: "'follow'",
		tests: ['tests/api/cli/login-failures.test.ts']
	},
	{
		title: 'a server with HTTPS names an address without it',
		file: 'src/cli/client/server.ts',
		find: "base.protocol === 'https:' && url.protocol !== 'https:'",
		replace: 'false',
		tests: ['tests/api/cli/login-failures.test.ts']
	}
];
