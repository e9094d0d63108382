import type { Fault } from './fault.ts';

export const limitFaults: readonly Fault[] = [
	{
		title: 'a current password that was replaced meanwhile counts',
		file: 'src/lib/server/features/access/own-proof.ts',
		find: '(await users.lockPassword(id)) !== provenHash',
		replace: 'false',
		tests: ['tests/api/races/own-proof.test.ts']
	},
	{
		title: 'no limit refuses anything',
		file: 'src/lib/server/platform/rate-limits/rate-limiter.ts',
		find: '(await this.#refused(key)) && (await this.#refusedNow(key))',
		replace: 'null',
		tests: ['tests/api/sign-in/pin-code.test.ts']
	},
	{
		title: 'guesses at a PIN are not counted',
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'await attempts.count(keys)',
		replace: 'undefined',
		tests: ['tests/api/sign-in/pin-code.test.ts']
	},
	{
		title: 'guesses at the current password are not counted',
		file: 'src/lib/server/features/access/own-proof.ts',
		find: 'await attempts.count(keys)',
		replace: 'undefined',
		tests: ['tests/api/users/identity-proof.test.ts']
	},
	{
		title: 'any number of flows is begun',
		file: 'src/lib/server/features/oauth/flow-limit.ts',
		find: '!isPublic',
		replace: 'true',
		tests: ['tests/api/oauth/limit.test.ts']
	},
	{
		title: 'a body has any size',
		file: 'src/lib/server/platform/bounded-bytes.ts',
		find: 'sizeBytes > maxBytes',
		replace: 'false',
		tests: ['tests/api/wire/bodies.test.ts']
	},
	{
		title: 'only the largest part of a stream counts',
		file: 'src/lib/server/platform/bounded-bytes.ts',
		find: 'sizeBytes += part.byteLength',
		replace: 'sizeBytes = part.byteLength',
		tests: ['tests/unit/http/bounded-bytes.test.ts']
	},
	{
		title: 'a body that does not say its length has any size',
		file: 'src/lib/server/platform/http/body.ts',
		after: 'readBounded(received(request.body), ',
		find: 'maxBytes',
		replace: 'Infinity',
		tests: ['tests/api/wire/bodies.test.ts']
	},
	{
		title: 'a body that says it is too large is received',
		file: 'src/lib/server/platform/http/body.ts',
		find: "Number(request.headers.get('content-length') ?? 0) > maxBytes",
		replace: 'false',
		tests: ['tests/api/wire/refused-uploads.test.ts']
	},
	{
		title: 'the response of a provider has any size',
		file: 'src/lib/server/features/oauth/provider-fetch.ts',
		after: 'readBounded(response.body, ',
		find: 'maxAnswerBytes',
		replace: 'Infinity',
		tests: ['tests/api/oauth/hostile-answers.test.ts']
	},
	{
		title: 'the response to the version check has any size',
		file: 'src/lib/server/features/server-info/check-version.ts',
		after: 'readBounded(answer.body, ',
		find: 'maxBytes',
		replace: 'Infinity',
		tests: ['tests/api/jobs/version-check.test.ts']
	},
	{
		title: 'JSON nests to any depth',
		file: 'src/lib/server/platform/http/body.ts',
		find: 'this.#depth > maxDepth',
		replace: 'false',
		tests: ['tests/unit/http/body.test.ts']
	},
	{
		title: 'a body may stop halfway',
		file: 'src/lib/server/platform/http/body.ts',
		find: 'this.#received < progressBytes',
		replace: 'false',
		tests: ['tests/unit/http/body.test.ts', 'tests/api/wire/stalled-bodies.test.ts']
	},
	{
		title: 'a user has any number of child sessions',
		file: 'src/lib/server/features/sessions/session.service.ts',
		find: '(await sessions.countChildren(userId)) >= mostChildSessions',
		replace: 'false',
		tests: ['tests/api/api-keys/api-key-children.test.ts']
	},
	{
		title: 'passwords are compared for one address without a queue',
		file: 'src/lib/server/platform/caller/queue-options.ts',
		find: '{ lanes: [`user:${user}`, ...networks], signal: disconnectSignal }',
		replace: '{ lanes: [], signal: disconnectSignal }',
		tests: ['tests/api/races/overload.test.ts']
	}
];
