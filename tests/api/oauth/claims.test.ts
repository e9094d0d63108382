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

describe('the role', () => {
	it.each([
		['admin', true],
		['user', false],
		[['user', 'admin'], true],
		[['user'], false],
		[['owner'], false],
		['owner', false],
		['ADMIN', false],
		[{ admin: true }, false],
		[true, false],
		[undefined, false]
	])('%j makes an administrator: %s', async (role, isAdmin) => {
		const user = await signInWith('ann', role === undefined ? {} : { immich_role: role });
		expect(user.isAdmin).toBe(isAdmin);
		const [event] = await eventsOf('oauth.register');
		expect(event).toMatchObject({ subjectId: user.id });
	});

	it('comes from the claim that the settings name', async () => {
		await configureOAuth(api, oidc, { roleClaim: 'name' });
		expect((await signInWith('ann', { name: 'admin', immich_role: 'user' })).isAdmin).toBe(true);
	});
});

describe('the quota', () => {
	it.each([
		[2, 2n * gib],
		['3', 3n * gib],
		[0.5, gib / 2n],
		[0, 0n],
		[-1, 7n * gib],
		['much', 7n * gib],
		['', 7n * gib],
		[1e300, 7n * gib],
		[null, 7n * gib],
		[undefined, 7n * gib]
	])('%j is kept as told, or as the settings say', async (quota, expected) => {
		await configureOAuth(api, oidc, { defaultStorageQuota: 7 });
		const user = await signInWith('ann', quota === undefined ? {} : { immich_quota: quota });
		expect({ quota, is: user.quotaSizeInBytes }).toEqual({ quota, is: expected });
	});
});

describe('the storage label', () => {
	it('is numbered where it is taken, and made safe', async () => {
		await api.accounts.makeUser({ storageLabel: 'ann' });
		const labels = [];
		for (const [subject, claims] of [
			['one', { preferred_username: 'ann' }],
			['two', { preferred_username: 'ann' }],
			['three', { preferred_username: '../a/n.n' }],
			['four', { preferred_username: '' }],
			['five', { preferred_username: 5 }],
			['six', { preferred_username: '7b6a1b1e-1c1b-4c62-9d6b-0c1f7b8b0a55' }],
			['seven', {}]
		] as const)
			labels.push((await signInWith(subject, claims)).storageLabel);
		expect(labels).toEqual(['ann-2', 'ann-3', 'ann-4', null, null, null, null]);
	});

	it('of administrators is told as of all others', async () => {
		const user = await signInWith('ann', { preferred_username: 'ann', immich_role: 'admin' });
		expect(user).toMatchObject({ isAdmin: true, storageLabel: 'ann' });
	});
});

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
