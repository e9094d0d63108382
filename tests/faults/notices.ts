import type { Fault } from './fault.ts';

const notices = ['tests/api/notifications/notices.test.ts'];
const proofs = ['tests/api/users/identity-proof.test.ts'];
const links = ['tests/api/oauth/link.test.ts'];

export const noticeFaults: readonly Fault[] = [
	{
		title: 'a PIN is set without notice',
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'await notifications.create(auth.user.id, notices.ownPinSet)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'a PIN is changed without notice',
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'await notifications.create(auth.user.id, notices.ownPinChanged)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'a PIN is removed without notice',
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'await notifications.create(auth.user.id, notices.ownPinCleared)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: "an admin's own PIN reads as removed by another",
		file: 'src/lib/server/features/sign-in/pin-code.service.ts',
		find: 'userId === auth.user.id ? notices.ownPinCleared : notices.pinCleared',
		replace: 'notices.pinCleared',
		tests: notices
	},
	{
		title: 'a session starts another one without notice',
		file: 'src/lib/server/features/sessions/session.service.ts',
		find: 'await notifications.create(userId, notices.sessionCreated)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'a key is created without notice',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'await notifications.create(auth.user.id, notices.apiKeyCreated)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'a key gets another secret without notice',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'await notifications.create(auth.user.id, notices.apiKeyRotated)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'a key works longer without notice',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'isRegranted || !isWithin(current.expiresAt, changed.expiresAt)',
		replace: 'isRegranted',
		tests: notices
	},
	{
		title: 'a key may do more without notice',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'isRegranted || !isWithin(current.expiresAt, changed.expiresAt)',
		replace: '!isWithin(current.expiresAt, changed.expiresAt)',
		tests: notices
	},
	{
		title: 'a password is changed without notice',
		file: 'src/lib/server/features/users/own-password.ts',
		find: 'await notifications.create(id, notices.passwordChanged)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'an email is changed together with a password without notice',
		file: 'src/lib/server/features/users/own-password.ts',
		find: 'await notifications.create(id, notices.emailChanged)',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'an email is changed without notice',
		file: 'src/lib/server/features/users/user.service.ts',
		find: 'await notifications.create(auth.user.id, notices.emailChanged)',
		replace: 'undefined',
		tests: proofs
	},
	{
		title: "an admin's own new password reads as set by another",
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'isOwn ? notices.passwordChanged : notices.passwordSet',
		replace: 'notices.passwordSet',
		tests: notices
	},
	{
		title: "an admin's own new email reads as set by another",
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'isOwn ? notices.emailChanged : notices.emailSet',
		replace: 'notices.emailSet',
		tests: notices
	},
	{
		title: 'an admin changes an email without notice',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'current.email !== changed.email',
		replace: 'false',
		tests: notices
	},
	{
		title: 'an admin sets a PIN without notice',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'await notifications.create(id, notices.pin(pinCodeHash !== null, isOwn))',
		replace: 'undefined',
		tests: notices
	},
	{
		title: 'a provider is linked without notice',
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: 'await notifications.create(id, notices.linked(getHost(issuer)))',
		replace: 'undefined',
		tests: links
	},
	{
		title: 'a provider is linked by email without notice',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: 'await notifications.create(id, notices.linkedByEmail(getHost(issuer), removed))',
		replace: 'undefined',
		tests: ['tests/api/oauth/email-origin.test.ts']
	},
	{
		title: "one's own unlinking reads as an admin's",
		file: 'src/lib/server/features/oauth/oauth-link.service.ts',
		find: 'isOwn || userId === auth.user.id ? notices.unlinked : notices.unlinkedByAdmin',
		replace: 'notices.unlinkedByAdmin',
		tests: links
	}
];
