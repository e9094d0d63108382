import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/auth.ts';
import { immichAuthConfigDefaults } from '#lib/contract/system-config/immich-auth.ts';
import type { OAuthTrust } from '#lib/contract/system-config/oauth-providers.ts';
import { useApi } from '#tests/support/api.ts';
import { configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';

const api = useApi();
const gib = 1024n ** 3n;
let oidc: Oidc;
let token = '';

beforeAll(async () => {
	oidc = await Oidc.start({ redirectUris: [redirectUri] });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, oidc);
	({ token } = await api.accounts.signInAdmin());
});

/** Signs somebody in of whom the provider says this, and gives the account as it is then. */
async function signInWith(subject: string, claims: Record<string, unknown>) {
	oidc.claims[subject] = { email: `${subject}@example.test`, email_verified: true, ...claims };
	const reply = await signInBy(api, oidc, subject);
	expect(reply.status, reply.text).toBe(201);
	return api.accounts.findUser(LoginResponseDto.parse(reply.body).userId);
}

const eventsOf = (action: string) =>
	api.prisma.auditEvent.findMany({ where: { action }, select: { changes: true, subjectId: true } });

async function trust(changes: Partial<OAuthTrust>) {
	const { oauth } = immichAuthConfigDefaults;
	const body = { ...immichAuthConfigDefaults, oauth: { ...oauth, first: { ...oauth.first, ...changes } } };
	expect((await api.request('PUT', '/api/admin/auth-config', { token, body })).status).toBe(200);
}

describe('at later sign-ins', () => {
	const first = { preferred_username: 'ann', immich_quota: 1, immich_role: 'admin' };
	const later = { preferred_username: 'anna', immich_quota: 2, immich_role: 'user' };

	it('nothing changes, unless the settings say so', async () => {
		await signInWith('ann', first);
		expect(await signInWith('ann', later)).toMatchObject({
			storageLabel: 'ann',
			quotaSizeInBytes: gib,
			isAdmin: true
		});
		expect(await eventsOf('oauth.applyClaims')).toEqual([]);
	});

	it('all follows where they do, and the audit log tells it; what is not told stays', async () => {
		await trust({ applyClaimsAtSignIn: true });
		await signInWith('ann', first);
		expect(await signInWith('ann', later)).toMatchObject({
			storageLabel: 'anna',
			quotaSizeInBytes: 2n * gib,
			isAdmin: false
		});
		expect(await eventsOf('oauth.applyClaims')).toMatchObject([
			{ changes: { storageLabel: { from: 'ann', to: 'anna' }, isAdmin: { from: true, to: false } } }
		]);
		expect(await signInWith('ann', {})).toMatchObject({ storageLabel: 'anna', quotaSizeInBytes: 2n * gib });
		expect(await eventsOf('oauth.applyClaims')).toHaveLength(1);
	});

	it('the last administrator stays one', async () => {
		await trust({ applyClaimsAtSignIn: true });
		await signInWith('ann', first);
		await api.prisma.user.updateMany({ where: { email: { not: 'ann@example.test' } }, data: { isAdmin: false } });
		expect(await signInWith('ann', later)).toMatchObject({ isAdmin: true, quotaSizeInBytes: 2n * gib });
	});
});

describe('an account with a password', () => {
	it('is linked by a verified e-mail where the settings say so, an administrator’s never', async () => {
		await trust({ linkByEmail: 'verified' });
		const user = await api.accounts.makeUser({ email: 'bob@example.test' });
		expect((await signInWith('bob', {})).id).toBe(user.id);
		await api.accounts.makeUser({ email: 'eve@example.test', isAdmin: true });
		oidc.claims['eve'] = { email: 'eve@example.test', email_verified: true };
		expect((await signInBy(api, oidc, 'eve')).status).toBe(400);
	});
});
