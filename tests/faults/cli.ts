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
	},
	{
		title: 'an empty value means all',
		file: 'src/cli/program.ts',
		find: "[value].flat().includes('')",
		replace: 'false',
		tests: ['tests/api/cli/usage.test.ts']
	},
	{
		title: 'dots in an ID lead to another path of the API',
		file: 'src/cli/client/api.ts',
		find: "['', '.', '..'].includes(name)",
		replace: 'false',
		tests: ['tests/unit/cli/server.test.ts']
	},
	{
		title: 'any text is the ID of a session',
		file: 'src/cli/commands/sessions.ts',
		find: '!uuidPattern.test(id)',
		replace: 'false',
		tests: ['tests/api/cli/usage.test.ts']
	},
	{
		title: 'an endless answer is read to its end',
		file: 'src/cli/client/server.ts',
		find: 'length > maxBytes',
		replace: 'false',
		tests: ['tests/unit/cli/server.test.ts']
	},
	{
		title: 'the error of a credential that cannot be sent quotes it',
		file: 'src/cli/client/api.ts',
		find: "!isCredential(Object.values(credential).join(''))",
		replace: 'false',
		tests: ['tests/api/cli/hostile-server.test.ts']
	},
	{
		title: 'JSON contains control characters',
		file: 'src/cli/terminal/output.ts',
		find: 'toPlainJson(JSON.stringify(value, null, 2))',
		replace: 'JSON.stringify(value, null, 2)',
		tests: ['tests/api/cli/output.test.ts']
	},
	{
		title: 'messages contain control characters',
		file: 'src/cli/terminal/output.ts',
		find: '`${toPlainLines(text)}\\n`',
		replace: '`${text}\\n`',
		tests: ['tests/api/cli/output.test.ts']
	},
	{
		title: 'a maintenance starts whose token cannot be kept',
		file: 'src/cli/commands/maintenance.ts',
		find: 'await requireKeepable(profile)',
		replace: 'null',
		tests: ['tests/api/cli/server.test.ts']
	},
	{
		title: 'setting a secret shows the old one',
		file: 'src/cli/commands/config.ts',
		find: 'isSecretSetting(inDocument)',
		replace: 'false',
		tests: ['tests/api/cli/server.test.ts']
	}
];
