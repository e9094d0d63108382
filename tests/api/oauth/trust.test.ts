import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import type { OAuthTrust } from '#lib/contract/settings/document/oauth-providers.ts';
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

/** Signs a user in with these claims and returns the user afterwards. */
async function signInWith(subject: string, claims: Record<string, unknown>) {
	oidc.claims[subject] = { email: `${subject}@example.test`, email_verified: true, ...claims };
	const reply = await signInBy(api, oidc, subject);
	expect(reply.status, reply.text).toBe(201);
	return api.accounts.findUser(LoginResponseDto.parse(reply.body).userId);
}

const listEvents = (action: string) =>
	api.prisma.auditEvent.findMany({
		where: { action },
		select: { changes: true, subjectId: true },
		orderBy: { id: 'asc' }
	});

async function trust(changes: Partial<OAuthTrust>) {
	const { oauth } = immichAuthConfigDefaults;
	const body = { ...immichAuthConfigDefaults, oauth: { ...oauth, first: { ...oauth.first, ...changes } } };
	expect((await api.request('PUT', '/api/admin/auth-config', { token, body })).status).toBe(200);
}

describe('at later sign-ins', () => {
	const first = { preferred_username: 'ann', immich_quota: 1, immich_role: 'admin' };
	const later = { preferred_username: 'anna', immich_quota: 2, immich_role: 'user' };

	it('the role follows its claim and is logged; label and quota do not change', async () => {
		await signInWith('ann', first);
		expect(await signInWith('ann', later)).toMatchObject({
			storageLabel: 'ann',
			quotaSizeInBytes: gib,
			isAdmin: false
		});
		expect(await signInWith('ann', first)).toMatchObject({ isAdmin: true });
		expect(await listEvents('oauth.applyClaims')).toMatchObject([
			{ changes: { isAdmin: { from: true, to: false } } },
			{ changes: { isAdmin: { from: false, to: true } } }
		]);
	});

	it.each([
		['a claim that is not sent', undefined, true],
		['null, which means the same', null, true],
		['user', 'user', false],
		['a list with admin in it', ['photos', 'admin'], true],
		['an empty list', [], false],
		['another word', 'Admin', false],
		['something else', 5, false]
	])('%s: %j leaves the user an admin: %s', async (_, role, isAdmin) => {
		await signInWith('ann', first);
		expect((await signInWith('ann', { immich_role: role })).isAdmin).toBe(isAdmin);
	});

	it('a role change applies immediately to all sessions and keys of the user', async () => {
		await signInWith('ann', first);
		const { id } = await api.prisma.user.findUniqueOrThrow({ where: { email: 'ann@example.test' } });
		const [session, apiKey] = [await api.accounts.makeSession(id), await api.accounts.makeApiKey(id)];
		const list = async () => [
			(await api.request('GET', '/api/admin/users', { token: session })).status,
			(await api.request('GET', '/api/admin/users', { apiKey })).status
		];
		expect(await list()).toEqual([200, 200]);
		oidc.claims['ann'] = { ...oidc.claims['ann'], immich_role: 'user' };
		await signInBy(api, oidc, 'ann');
		expect(await list()).toEqual([403, 403]);
		oidc.claims['ann'] = { ...oidc.claims['ann'], immich_role: 'admin' };
		await signInBy(api, oidc, 'ann');
		expect(await list()).toEqual([200, 200]);
	});

	it('label and quota also follow if the settings say so; missing claims change nothing', async () => {
		await trust({ applyClaimsAtSignIn: true });
		await signInWith('ann', first);
		expect(await signInWith('ann', later)).toMatchObject({
			storageLabel: 'anna',
			quotaSizeInBytes: 2n * gib,
			isAdmin: false
		});
		expect(await listEvents('oauth.applyClaims')).toMatchObject([
			{ changes: { storageLabel: { from: 'ann', to: 'anna' }, isAdmin: { from: true, to: false } } }
		]);
		expect(await signInWith('ann', {})).toMatchObject({ storageLabel: 'anna', quotaSizeInBytes: 2n * gib });
		expect(await listEvents('oauth.applyClaims')).toHaveLength(1);
	});

	it('the last admin stays an admin, and the logs say so', async () => {
		await trust({ applyClaimsAtSignIn: true });
		await signInWith('ann', first);
		await api.prisma.user.updateMany({ where: { email: { not: 'ann@example.test' } }, data: { isAdmin: false } });
		expect(await signInWith('ann', later)).toMatchObject({ isAdmin: true, quotaSizeInBytes: 2n * gib });
		const where = { action: 'oauth.applyClaims', outcome: 'refused' };
		expect(await api.prisma.auditEvent.findMany({ where, select: { reason: true } })).toEqual([
			{ reason: 'The last administrator cannot be removed' }
		]);
		await expect.poll(() => api.lines.join('\n')).toContain('The role claim was ignored');
	});

	it.each([
		['has no way to sign in', { password: null }, {}],
		['has only an expired temporary password', {}, { expiresAt: new Date(0) }]
	])('an admin stays one while the other admin %s, and the logs say so', async (_, fields, state) => {
		await signInWith('ann', first);
		const { id } = await api.prisma.user.findFirstOrThrow({ where: { email: { not: 'ann@example.test' } } });
		await api.prisma.user.update({ where: { id }, data: fields });
		await api.accounts.setPasswordState(id, state);
		expect(await signInWith('ann', later)).toMatchObject({ isAdmin: true });
		const where = { action: 'oauth.applyClaims', outcome: 'refused' };
		expect(await api.prisma.auditEvent.findMany({ where, select: { reason: true } })).toEqual([
			{ reason: expect.stringMatching(/^No other administrator can sign in\./) as string }
		]);
		await expect.poll(() => api.lines.join('\n')).toContain('No other administrator can sign in');
		await api.accounts.makeAdmin();
		expect(await signInWith('ann', later)).toMatchObject({ isAdmin: false });
	});

	it('a deleted admin does not count as another admin', async () => {
		await signInWith('ann', first);
		const where = { email: { not: 'ann@example.test' } };
		await api.prisma.user.updateMany({ where, data: { deletedAt: new Date(), status: 'deleted' } });
		expect(await signInWith('ann', later)).toMatchObject({ isAdmin: true });
	});

	it('demoting the last two admins concurrently leaves one', async () => {
		await signInWith('ann', first);
		await signInWith('bob', { immich_role: 'admin' });
		await api.prisma.user.updateMany({
			where: { email: { notIn: ['ann@example.test', 'bob@example.test'] } },
			data: { isAdmin: false }
		});
		for (const subject of ['ann', 'bob']) oidc.claims[subject] = { ...oidc.claims[subject], immich_role: 'user' };
		await Promise.all(['ann', 'bob'].map((subject) => signInBy(api, oidc, subject)));
		expect(await api.prisma.user.count({ where: { isAdmin: true } })).toBe(1);
	});
});

describe('a provider that does not verify emails', () => {
	const claims = { email_verified: false };
	const tryIn = async (subject: string) => {
		oidc.claims[subject] = { email: `${subject}@example.test`, ...claims };
		return signInBy(api, oidc, subject);
	};

	it('registers no one by default', async () => {
		expect((await tryIn('ann')).status).toBe(400);
	});

	it('with ‘register’, creates new users but links no one', async () => {
		await trust({ emailTrust: 'register' });
		const { id } = await signInWith('ann', claims);
		expect(await api.prisma.emailOrigin.findUnique({ where: { userId: id } })).toMatchObject({ origin: 'self' });
		await api.accounts.makeUser({ email: 'bob@example.test', password: null });
		expect((await tryIn('bob')).status).toBe(400);
	});

	it('with ‘always’, its emails count as verified', async () => {
		await trust({ emailTrust: 'always' });
		const { id } = await signInWith('ann', claims);
		expect(await api.prisma.emailOrigin.findUnique({ where: { userId: id } })).toMatchObject({ origin: 'provider' });
		const bob = await api.accounts.makeUser({ email: 'bob@example.test', password: null });
		expect((await tryIn('bob')).body).toMatchObject({ userId: bob.id });
	});

	it('keeps the setting when a client that does not know it leaves it out', async () => {
		const { oauth } = immichAuthConfigDefaults;
		const { emailTrust: _, ...rest } = oauth.first;
		const body = { ...immichAuthConfigDefaults, oauth: { ...oauth, first: rest } };
		const reply = await api.request('PUT', '/api/admin/auth-config', { token, body });
		expect([reply.status, reply.body]).toMatchObject([200, { oauth: { first: { emailTrust: 'verified' } } }]);
	});
});

describe('a user with a password', () => {
	it('is linked by a verified email if the settings say so, but never an admin', async () => {
		await trust({ linkByEmail: 'verified' });
		const user = await api.accounts.makeUser({ email: 'bob@example.test' });
		expect((await signInWith('bob', {})).id).toBe(user.id);
		await api.accounts.makeUser({ email: 'eve@example.test', isAdmin: true });
		oidc.claims['eve'] = { email: 'eve@example.test', email_verified: true };
		expect((await signInBy(api, oidc, 'eve')).status).toBe(400);
	});
});
