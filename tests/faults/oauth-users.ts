import type { Fault } from './fault.ts';

export const oauthUserFaults: readonly Fault[] = [
	{
		title: 'a deleted user gets in through a provider',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: 'owner?.isDeleted',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-people.test.ts']
	},
	{
		title: 'the account of an unverified email is linked',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: '!isEmailVerified(profile, provider)',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-people.test.ts']
	},
	{
		title: 'an admin is linked by email',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: 'found.isAdmin',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-people.test.ts']
	},
	{
		title: 'a lesser key vouches for the email of a user whose password it knows',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'isSignInKnown && !hasAll(auth)',
		replace: 'false',
		tests: ['tests/api/oauth/email-origin.test.ts']
	},
	{
		title: 'no key vouches for the email of a user',
		file: 'src/lib/server/features/users/user-admin.service.ts',
		find: 'passwordHash !== undefined || pinCodeHash !== undefined',
		replace: 'true',
		tests: ['tests/api/oauth/email-origin.test.ts']
	},
	{
		title: 'an email that only its user vouches for is linked',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: '!proof',
		replace: 'false',
		tests: ['tests/api/oauth/email-origin.test.ts']
	},
	{
		title: 'an account with a password is linked by email',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: "found.hasPassword && provider.linkByEmail !== 'verified'",
		replace: 'false',
		tests: ['tests/api/oauth/hostile-people.test.ts']
	},
	{
		title: 'an account of another subject is linked',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: '(isFirst && found.oauthId) || (await oauthIdentities.hasProvider(id, provider.id))',
		replace: 'false',
		tests: ['tests/api/oauth/hostile-people.test.ts']
	},
	{
		title: 'new users register although that is turned off',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: '!provider.autoRegister',
		replace: 'false',
		tests: ['tests/api/oauth/sign-in.test.ts']
	},
	{
		title: 'a user with a disowned email registers',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: 'isEmailDisowned(profile, provider)',
		replace: 'false',
		tests: ['tests/api/oauth/trust.test.ts']
	},
	{
		title: 'the first user who comes is no admin',
		file: 'src/lib/server/features/oauth/user-resolver.ts',
		find: '!isAdmin && !(await users.hasAdmin())',
		replace: 'false',
		tests: ['tests/api/oauth/registration.test.ts']
	},
	{
		title: 'a verified email of one place vouches for that of another',
		file: 'src/lib/server/features/oauth/provider-client.ts',
		find: 'withoutWordOnEmail(claims)',
		replace: 'claims',
		tests: ['tests/api/oauth/hostile-people.test.ts']
	},
	{
		title: 'any text in the role claim makes an admin',
		file: 'src/lib/server/features/oauth/profile.ts',
		find: "claim === 'admin'",
		replace: 'Boolean(claim)',
		tests: ['tests/api/oauth/registration.test.ts']
	}
];
