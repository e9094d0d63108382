import type { Fault } from './fault.ts';

const service = 'src/lib/server/features/device-authorization/device-authorization.service.ts';
const sessionStart = 'src/lib/server/features/sessions/session-start.sql.ts';
const endings = ['tests/api/device-authorization/endings.test.ts'];
const guesses = ['tests/api/device-authorization/guesses.test.ts'];
const wire = ['tests/api/device-authorization/wire.test.ts'];
const providers = ['tests/api/device-authorization/providers.test.ts'];
const races = ['tests/api/device-authorization/races.test.ts'];

export const deviceAuthorizationFaults: readonly Fault[] = [
	{
		title: 'an API key approves a program',
		file: service,
		find: "credential.kind !== 'session'",
		replace: 'false',
		tests: endings
	},
	{
		title: 'a child session approves a program',
		file: service,
		find: 'credential.signedInAt === null',
		replace: 'false',
		tests: endings
	},
	{
		title: 'a session that another one approved counts as a recent sign-in',
		file: 'src/lib/server/features/sessions/session-manager.ts',
		find: 'isStartedByAnother ? null : createdAt',
		replace: 'createdAt',
		tests: endings
	},
	{
		title: 'a session that has ended approves a program',
		file: service,
		find: 'requireLive(repositories, auth)',
		replace: 'Promise.resolve()',
		tests: endings
	},
	{
		title: 'a program gets a token although a password change is required',
		file: service,
		find: 'approver.mustChangePassword',
		replace: 'false',
		tests: endings
	},
	{
		title: 'an approval survives a new password',
		file: sessionStart,
		find: '`taken."passwordDigest" = sha256(convert_to(coalesce(users."password", \'\'), \'UTF8\'))`',
		replace: "'TRUE'",
		tests: endings
	},
	{
		title: 'an approval doesn’t wait for the end of the session that gave it',
		file: sessionStart,
		find: "'FOR UPDATE OF users FOR KEY SHARE OF approving'",
		replace: "'FOR UPDATE OF users'",
		tests: endings
	},
	{
		title: 'a program takes the name of a browser that the user knows',
		file: sessionStart,
		find: '`(SELECT \'program \' || "clientName" FROM taken)`',
		replace: '`(SELECT "clientName" FROM taken)`',
		tests: wire
	},
	{
		title: 'an approval survives the unlinking of its provider',
		file: sessionStart,
		find: '{ ...byDevice, values }',
		replace:
			"{ name: 'unlinked', text: byDevice.text.replace('begun.\"sessionId\" = approving.\"id\"', 'FALSE'), values }",
		tests: providers
	},
	{
		title: 'a program’s session outlives the link to the provider',
		file: sessionStart,
		find: '{ ...byDevice, values }',
		replace:
			"{ name: 'outlives', text: byDevice.text.replace('begun.\"sessionId\" = account.\"approvedBy\"', 'FALSE'), values }",
		tests: providers
	},
	{
		title: 'an approved code is handed out again',
		file: sessionStart,
		find: '{ ...byDevice, values }',
		replace:
			"{ name: 'again', text: byDevice.text.replace(`SET \"state\" = 'used'`, `SET \"state\" = 'approved'`), values }",
		tests: races
	},
	{
		title: 'two answers to one code both count',
		file: service,
		find: '!isAnswered',
		replace: 'false',
		tests: races
	},
	{
		title: 'a device code works for a program of another name',
		file: service,
		find: 'poll?.clientName !== clientName',
		replace: '!poll',
		tests: wire
	},
	{
		title: 'an expired code waits for its user',
		file: service,
		after: 'throw deniedDeviceCode();',
		find: 'isExpired',
		replace: 'false',
		tests: wire
	},
	{
		title: 'polling too early is not slowed down',
		file: service,
		find: 'isEarly ? slowDown() : authorizationPending()',
		replace: 'authorizationPending()',
		tests: wire
	},
	{
		title: 'wrong user codes are not counted',
		file: service,
		find: 'limits.countGuess(guesser)',
		replace: 'Promise.resolve()',
		tests: guesses
	},
	{
		title: 'right user codes count as wrong',
		file: service,
		find: 'limits.takeBackGuess(guesser)',
		replace: 'Promise.resolve()',
		tests: guesses
	},
	{
		title: 'requests for device codes are not counted',
		file: service,
		find: 'limits.countRequest(clientInfo.address)',
		replace: 'Promise.resolve()',
		tests: wire
	}
];
