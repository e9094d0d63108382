import type { Fault } from './fault.ts';

export const setupFaults: readonly Fault[] = [
	{
		title: 'guesses at the setup code are unlimited from one address',
		file: 'src/lib/server/features/sign-in/setup-code.ts',
		find: 'await this.#attempts.byAddress.count([proof.address])',
		replace: 'undefined',
		tests: ['tests/api/sign-in/setup-code.test.ts']
	},
	{
		title: 'guesses at the setup code are unlimited from many addresses',
		file: 'src/lib/server/features/sign-in/setup-code.ts',
		find: "await this.#attempts.total.count(['all'])",
		replace: 'undefined',
		tests: ['tests/api/sign-in/setup-code.test.ts']
	},
	{
		title: 'a setup code may be left out',
		file: 'src/lib/server/features/sign-in/setup-code.ts',
		find: 'this.#code === null || !this.isRequiredFrom(proof)',
		replace: 'this.#code === null || !this.isRequiredFrom(proof) || !proof.code',
		tests: ['tests/api/sign-in/setup-code.test.ts']
	},
	{
		title: 'two first admins are made at the same moment',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'await users.hasAdmin()',
		replace: 'false',
		tests: [
			'tests/api/sign-in/admin-sign-up.test.ts',
			'tests/api/races/admins.test.ts',
			'tests/api/credentials/servers.test.ts'
		]
	},
	{
		title: 'the lock on admins is not taken',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'await users.lockAdmins()',
		replace: 'undefined',
		tests: ['tests/api/credentials/servers.test.ts', 'tests/api/races/admins.test.ts']
	},
	{
		title: 'the first admin is made where setup is turned off',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: '!env.isSetupAllowed',
		replace: 'false',
		tests: ['tests/api/sign-in/admin-sign-up.test.ts']
	},
	{
		title: 'a request through a proxy counts as local',
		file: 'src/lib/server/platform/http/local-request.ts',
		find: '[...headers.keys()].some((name) => proxyHeaders.test(name))',
		replace: 'false',
		tests: ['tests/unit/http/local-request.test.ts']
	},
	{
		title: 'a page of another name counts as local',
		file: 'src/lib/server/platform/http/local-request.ts',
		find: "[headers.get('host') ?? '', ...pages].every((host) => loopbackHost.test(host))",
		replace: 'true',
		tests: ['tests/unit/http/local-request.test.ts']
	},
	{
		title: 'any peer counts as local',
		file: 'src/lib/server/platform/http/local-request.ts',
		find: "!loopbackAddress.test(peer) || httpVersion === '1.0'",
		replace: "httpVersion === '1.0'",
		tests: ['tests/unit/http/local-request.test.ts']
	},
	{
		title: 'a proxy that speaks HTTP/1.0 counts as local',
		file: 'src/lib/server/platform/http/local-request.ts',
		find: "!loopbackAddress.test(peer) || httpVersion === '1.0'",
		replace: '!loopbackAddress.test(peer)',
		tests: ['tests/unit/http/local-request.test.ts']
	}
];
