import type { Fault } from './fault.ts';

const services = 'src/lib/server/services';
const proof = ['tests/api/own/identity-proof.test.ts'];
const lesserKeys = ['tests/api/credentials/lesser-keys.test.ts'];
const children = ['tests/api/own/api-key-children.test.ts'];

export const credentialFaults: readonly Fault[] = [
	{
		title: 'a live session sets a new password without the old one',
		file: `${services}/user.service.ts`,
		find: 'verifiedHash !== null && !mustChangePassword(auth)',
		replace: 'false',
		tests: proof
	},
	{
		title: 'the PIN is unlocked by a password that was just set',
		file: `${services}/pin-code.service.ts`,
		find: 'password && (await this.#isPasswordNew(auth.user.id))',
		replace: 'false',
		tests: proof
	},
	{
		title: 'a key gives permissions that it does not have',
		file: `${services}/api-key.service.ts`,
		find: '!mayGrant(auth, dto.permissions)',
		replace: 'false',
		tests: ['tests/api/own/api-keys.test.ts']
	},
	{
		title: 'keys created by a key survive it',
		file: `${services}/api-key.service.ts`,
		find: 'await apiKeys.deleteChildren(id)',
		replace: '0',
		tests: children
	},
	{
		title: 'a user has any number of keys',
		file: `${services}/api-key.service.ts`,
		find: '(await apiKeys.countByUser(auth.user.id)) >= mostApiKeys',
		replace: 'false',
		tests: children
	},
	{
		title: 'a lesser key makes an admin',
		file: `${services}/user-admin.service.ts`,
		find: '(isAdmin !== undefined && isAdmin !== current.isAdmin)',
		replace: 'false',
		tests: lesserKeys
	},
	{
		title: 'a masked secret follows its server to another address',
		file: `${services}/settings-secrets.ts`,
		find: 'redirectedSecrets(document, inForce)',
		replace: '[]',
		tests: ['tests/api/settings/redirected-secrets.test.ts']
	},
	{
		title: 'a key of one setting changes how everyone signs in',
		file: `${services}/settings-writer.ts`,
		find: 'changesSignIn(current, read)',
		replace: 'false',
		tests: lesserKeys
	}
];
