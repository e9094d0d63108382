import type { Fault } from './fault.ts';

const server = 'src/lib/server';

export const limitFaults: readonly Fault[] = [
	{
		title: 'a current password that was replaced meanwhile counts',
		file: `${server}/services/own-proof.ts`,
		find: '(await users.lockPassword(id)) !== provenHash',
		replace: 'false',
		tests: ['tests/api/races/own-proof.test.ts']
	},
	{
		title: 'no limit refuses anything',
		file: `${server}/auth/attempts.ts`,
		find: '(await this.#refused(key)) && (await this.#refusedNow(key))',
		replace: 'null',
		tests: ['tests/api/own/pin-code.test.ts']
	},
	{
		title: 'guesses at a PIN are not counted',
		file: `${server}/services/pin-code.service.ts`,
		find: 'await attempts.count(keys)',
		replace: 'undefined',
		tests: ['tests/api/own/pin-code.test.ts']
	},
	{
		title: 'guesses at the current password are not counted',
		file: `${server}/services/own-proof.ts`,
		find: 'await attempts.count(keys)',
		replace: 'undefined',
		tests: ['tests/api/own/identity-proof.test.ts']
	},
	{
		title: 'any number of flows is begun',
		file: `${server}/oauth/flow-limit.ts`,
		find: '!isPublic',
		replace: 'true',
		tests: ['tests/api/oauth/limit.test.ts']
	},
	{
		title: 'a body has any size',
		file: `${server}/http/body.ts`,
		find: 'size > maxBytes',
		replace: 'false',
		tests: ['tests/api/wire/bodies.test.ts']
	},
	{
		title: 'JSON nests to any depth',
		file: `${server}/http/json-scan.ts`,
		find: 'this.#depth > maxDepth',
		replace: 'false',
		tests: ['tests/unit/http/body.test.ts']
	},
	{
		title: 'a body may stop halfway',
		file: `${server}/http/body.ts`,
		find: 'this.#received < progressBytes',
		replace: 'false',
		tests: ['tests/unit/http/body.test.ts']
	},
	{
		title: 'a user has any number of child sessions',
		file: `${server}/services/session.service.ts`,
		find: '(await sessions.countChildren(userId)) >= mostChildSessions',
		replace: 'false',
		tests: ['tests/api/own/api-key-children.test.ts']
	},
	{
		title: 'passwords are compared for one address without a queue',
		file: `${server}/auth/turn.ts`,
		find: '{ lanes: [`account:${account}`, ...networks], signal: gone }',
		replace: '{ lanes: [], signal: gone }',
		tests: ['tests/api/races/overload.test.ts']
	}
];
