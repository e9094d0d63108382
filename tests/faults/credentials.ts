import type { Fault } from './fault.ts';

const proof = ['tests/api/users/identity-proof.test.ts'];
const newPassword = ['tests/api/users/new-password-proof.test.ts'];
const lesserKeys = ['tests/api/credentials/lesser-keys.test.ts'];
const children = ['tests/api/api-keys/api-key-children.test.ts'];

export const credentialFaults: readonly Fault[] = [
	{
		title: 'a live session sets a new password without the old one',
		file: 'src/lib/server/features/users/user.service.ts',
		find: 'passwordHash !== null && !mustChangePassword(auth)',
		replace: 'false',
		tests: proof
	},
	{
		title: 'the PIN is unlocked by a password that was just set',
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'password && (await isPasswordNew(store, auth.user.id))',
		replace: 'false',
		tests: proof
	},
	{
		title: 'a key gives permissions that it does not have',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: '!mayGrant(auth, dto.permissions)',
		replace: 'false',
		tests: ['tests/api/api-keys/api-keys.test.ts']
	},
	{
		title: 'keys created by a key survive it',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'await apiKeys.deleteChildren(id)',
		replace: '0',
		tests: children
	},
	{
		title: 'a user has any number of keys',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: '(await apiKeys.countByUser(auth.user.id)) >= mostApiKeys',
		replace: 'false',
		tests: children
	},
	{
		title: 'a lesser key makes an admin',
		file: 'src/lib/server/features/users/user-changes.ts',
		find: '(update.isAdmin !== undefined && update.isAdmin !== current.isAdmin)',
		replace: 'false',
		tests: lesserKeys
	},
	{
		title: 'a masked secret follows its server to another address',
		file: 'src/lib/server/features/settings/settings-secrets.ts',
		find: 'redirectedSecrets(document, inForce)',
		replace: '[]',
		tests: ['tests/api/settings/redirected-secrets.test.ts']
	},
	{
		title: 'a key of one setting changes how everyone signs in',
		file: 'src/lib/server/features/settings/settings-writer.ts',
		find: 'changesSignIn(name, current, read)',
		replace: 'false',
		tests: lesserKeys
	},
	{
		title: 'an old session requires a change of its own password',
		file: 'src/lib/server/features/users/user-changes.ts',
		find: '(update.shouldChangePassword === true && !current.shouldChangePassword)',
		replace: 'false',
		tests: newPassword
	},
	{
		title: 'a password that was just set proves who the user is',
		file: 'src/lib/server/features/access/own-proof.ts',
		find: '(await isPasswordNew(store, id))',
		replace: 'false',
		tests: newPassword
	},
	{
		title: 'a sign-in by a password that was set without a proof counts as recent',
		file: 'src/lib/server/features/access/own-proof.ts',
		find: '!(await isPasswordUnproven(store, auth.user.id))',
		replace: 'true',
		tests: newPassword
	},
	{
		title: 'a right password gives more guesses at the PIN',
		file: 'src/lib/server/platform/caller/caller.ts',
		find: "kind === 'pin'",
		replace: 'true',
		tests: ['tests/api/sign-in/guesses.test.ts']
	},
	{
		title: 'known networks have twenty guesses each',
		file: 'src/lib/server/features/sign-in-limits/sign-in-attempts.ts',
		find: "isKnown ? toJointLimit(email, known, 'networks') : null",
		replace: 'null',
		tests: ['tests/api/sign-in/user-limit.test.ts']
	},
	{
		title: 'an email in another form counts as changed',
		file: 'src/lib/server/features/users/user-changes.ts',
		find: 'isSameEmail(given, current.email)',
		replace: 'false',
		tests: ['tests/api/users/email-forms.test.ts']
	}
];
