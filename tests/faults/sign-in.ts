import type { Fault } from './fault.ts';

export const signInFaults: readonly Fault[] = [
	{
		title: 'a wrong password signs in',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: '!isMatch',
		replace: 'false',
		tests: ['tests/api/sign-in/login.test.ts']
	},
	{
		title: 'a sign-in to an account without a password counts as a wrong password',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: '!user.passwordHash',
		replace: 'false',
		tests: ['tests/api/audit/sign-in.test.ts']
	},
	{
		title: 'wrong passwords are not counted',
		file: 'src/lib/server/features/sign-in/sign-in-refusals.ts',
		find: 'await signInAttempts.countRefused(attempt)',
		replace: "'within'",
		tests: ['tests/api/sign-in/sign-in-attempts.test.ts']
	},
	{
		title: 'a crowd gets past the limit at the same moment',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'laterSeconds > 0',
		replace: 'false',
		tests: ['tests/api/sign-in/sign-in-attempts.test.ts']
	},
	{
		title: 'an unknown email gets its own answer',
		file: 'src/lib/server/features/sign-in/sign-in-refusals.ts',
		find: "{ ...incorrect, reason: 'Unknown email' }",
		replace: "{ ...incorrect, reason: 'Unknown email', error: passwordLoginDisabled }",
		tests: ['tests/api/sign-in/login.test.ts']
	},
	{
		title: 'an unknown email is answered sooner',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: `await passwords.matches(
			dto.password,
			user?.passwordHash ?? null,
			toQueueOptions(dto.email, clientInfo)
		)`,
		replace:
			'user?.passwordHash ? await passwords.matches(dto.password, user.passwordHash, toQueueOptions(dto.email, clientInfo)) : false',
		tests: ['tests/api/sign-in/password-timing.test.ts']
	},
	{
		title: 'password sign-in works although it is turned off',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: '!canSucceed',
		replace: 'false',
		tests: ['tests/api/sign-in/login.test.ts']
	},
	{
		title: 'an expired temporary password signs in',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'user.passwordExpiresAt && user.passwordExpiresAt.getTime() <= Date.now()',
		replace: 'false',
		tests: ['tests/api/sign-in/password-expiry.test.ts']
	},
	{
		title: 'a password that was cut at 72 bytes is kept',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'byteLength(dto.password) > maxPasswordBytes',
		replace: 'false',
		tests: ['tests/api/users/password-policy.test.ts']
	},
	{
		title: 'a password changed meanwhile starts a session',
		file: 'src/lib/server/features/sessions/session-start.sql.ts',
		find: '{ ...byPassword, values }',
		replace:
			"{ name: 'session-start', text: byPassword.text.replace('\"password\" = $8', '$8::text IS NOT NULL'), values }",
		tests: ['tests/api/races/reset.test.ts']
	},
	{
		title: 'a deleted user starts a session',
		file: 'src/lib/server/features/sessions/session-start.sql.ts',
		find: '{ ...byPassword, values }',
		replace: "{ name: 'session-start', text: byPassword.text.replace('AND \"deletedAt\" IS NULL', ''), values }",
		tests: ['tests/api/races/deleted-user.test.ts']
	},
	{
		title: 'an unlinked identity starts a session',
		file: 'src/lib/server/features/sessions/session-start.sql.ts',
		find: '{ ...withToken, values: [...ofProvider, idToken] }',
		replace:
			"{ name: 'session-start-provider', text: withToken.text.replace('identity.\"issuer\" = $8 AND identity.\"subject\" = $18', '$8::text IS NOT NULL AND $18::text IS NOT NULL'), values: [...ofProvider, idToken] }",
		tests: ['tests/api/oauth/unlink.test.ts']
	},
	{
		title: 'the box for API keys does nothing',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'dto.revokeApiKeys === true',
		replace: 'false',
		tests: ['tests/api/users/change-password.test.ts']
	},
	{
		title: 'an old password is replaced without showing it',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: '!(await passwords.matches(dto.password, verifiedHash, toCallerQueueOptions(auth)))',
		replace: 'false',
		tests: ['tests/api/users/change-password.test.ts']
	},
	{
		title: "guesses at one's own password are not counted",
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'await proofAttempts.count(guessed)',
		replace: 'undefined',
		tests: ['tests/api/sign-in/sign-in-attempts.test.ts']
	},
	{
		title: 'a demanded password change may keep the password',
		file: 'src/lib/server/features/sign-in/auth.service.ts',
		find: 'dto.newPassword === dto.password && mustChangePassword(auth)',
		replace: 'false',
		tests: ['tests/api/sign-in/password-expiry.test.ts']
	},
	{
		title: 'a reset is undone by the old password',
		file: 'src/lib/server/features/users/own-password.ts',
		find: '(await users.lockPassword(id)) !== options.verifiedHash',
		replace: 'false',
		tests: ['tests/api/races/reset.test.ts']
	},
	{
		title: 'API keys survive a password change that revokes them',
		file: 'src/lib/server/features/users/own-password.ts',
		find: 'options.areApiKeysRevoked ? await apiKeys.deleteByUser(id) : 0',
		replace: '0',
		tests: ['tests/api/users/change-password.test.ts']
	},
	{
		title: 'common passwords are accepted',
		file: 'src/lib/server/features/users/password-policy.ts',
		find: 'isGuessable(password, await (common ??= loadCommon()), context)',
		replace: 'false',
		tests: ['tests/api/users/common-passwords.test.ts']
	},
	{
		title: "a password may be one's own name",
		file: 'src/lib/server/features/users/password-policy.ts',
		find: 'contextWords([owner.name, owner.email, host, ...productNames])',
		replace: 'contextWords([])',
		tests: ['tests/unit/users/password-policy.test.ts']
	},
	{
		title: 'nothing waits for a demanded password change',
		file: 'src/lib/server/hooks/auth-hook.ts',
		find: 'mustChangePassword(locals.auth) && !requested.isOpenWhileMustChange',
		replace: 'false',
		tests: ['tests/api/sign-in/password-gate.test.ts']
	},
	{
		title: 'the API waits for no demanded password change',
		file: 'src/lib/server/hooks/auth-hook.ts',
		find: '!isApi(event) || passwords.enforceChange',
		replace: '!isApi(event)',
		tests: ['tests/api/sign-in/password-gate.test.ts']
	},
	{
		title: 'forms of pages that stay open pass the gate',
		file: 'src/lib/server/platform/http/route-operation.ts',
		find: 'requested.isOpenWhileMustChange && action.isOpenWhileMustChange',
		replace: 'requested.isOpenWhileMustChange || action.isOpenWhileMustChange',
		tests: ['tests/api/sign-in/password-gate.test.ts']
	},
	{
		title: 'a websocket opens before a demanded password change',
		file: 'src/lib/server/features/realtime/connection-owners.ts',
		find: 'credential.mustChangePassword',
		replace: 'false',
		tests: ['tests/api/realtime/handshake.test.ts']
	}
];
