import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeyCreateResponseDto } from '#lib/contract/api-keys/api-key.ts';
import type { AnyPermission } from '#lib/contract/permissions/permission.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { password } from '#tests/support/accounts.ts';
import { Batches } from '#tests/support/batches.ts';
import { fillIn } from '#tests/support/forms.ts';
import { message } from '#tests/support/shapes.ts';
import { TwoProviders, type ProviderName } from '#tests/support/two-providers.ts';

const api = useApi();
let providers: TwoProviders;
let admin: Awaited<ReturnType<typeof api.accounts.signInAdmin>>;

beforeAll(async () => {
	providers = await TwoProviders.start(api);
});
afterAll(() => providers.close());
beforeEach(async () => {
	await api.reset();
	admin = await api.accounts.signInAdmin();
	await providers.configure(admin.token);
});

const boss = 'boss@example.test';
/** A provider's claims about the address's real owner. */
const verified = (sub = 'boss') => ({ sub, email: boss, email_verified: true });

const me = async (sent: object) => (await api.request('GET', '/api/users/me', sent)).status;
const findEmailOrigin = (userId: string) => api.prisma.emailOrigin.findUnique({ where: { userId } });
const setEmail = (id: string, email: string) =>
	api.request('PUT', `/api/admin/users/${id}`, { token: admin.token, body: { email } });

async function makeKey(token: string): Promise<string> {
	const body = { name: 'Key', permissions: ['all'] };
	return ApiKeyCreateResponseDto.parse((await api.request('POST', '/api/api-keys', { token, body })).body).secret;
}

/** Expects that the verified owner is refused and that no user has changed. */
async function expectRefused(name: ProviderName = 'club') {
	const before = await api.prisma.user.findMany({ orderBy: { id: 'asc' } });
	const identities = await api.prisma.oAuthIdentity.count();
	const reply = await providers.signIn(name, verified());
	expect([reply.status, reply.body]).toEqual([400, message('OAuth authentication failed')]);
	expect(await api.prisma.user.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
	expect(await api.prisma.oAuthIdentity.count()).toBe(identities);
}

describe('an email that only its user vouches for', () => {
	it.each([
		['does not mention verification', undefined],
		['says null', null]
	])('does not sign in the verified owner when registered through a provider that %s', async (_, said) => {
		await providers.enter('immich', { sub: 'mallory', email: boss, email_verified: said });
		await expectRefused();
	});

	it.each([
		['without a password', null],
		['with a password', 'verified']
	] as const)('does not sign in the verified owner when changed by its user, %s', async (_, linkByEmail) => {
		await providers.configure(admin.token, linkByEmail ? { linkByEmail } : {});
		const { user, token } = await api.accounts.signIn(linkByEmail ? {} : { password: null });
		// Whether this change is allowed is tested elsewhere; this tests its effect.
		await api.prisma.emailOrigin.update({ where: { userId: user.id }, data: { origin: 'self', email: boss } });
		await api.prisma.user.update({ where: { id: user.id }, data: { email: boss } });
		await expectRefused('immich');
		await expectRefused();
		expect(await me({ token })).toBe(200);
	});

	it('is recorded as the user’s own by PUT /users/me', async () => {
		const { user } = await api.accounts.signIn();
		const login = await api.request('POST', '/api/auth/login', { body: { email: user.email, password } });
		const { accessToken: token } = login.body as { accessToken: string };
		const changed = await api.request('PUT', '/api/users/me', { token, body: { email: boss } });
		expect(changed.status, changed.text).toBe(200);
		expect(await findEmailOrigin(user.id)).toMatchObject({ email: boss, origin: 'self' });
		// Changing it back does not restore the old proof.
		await api.request('PUT', '/api/users/me', { token, body: { email: user.email } });
		expect(await findEmailOrigin(user.id)).toMatchObject({ email: user.email, origin: 'self' });
	});

	it('does not sign in the verified owner when changed in the database or by Immich, with a record of the old email', async () => {
		const user = await api.accounts.makeUser({ password: null });
		await api.prisma.user.update({ where: { id: user.id }, data: { email: boss } });
		await expectRefused();
	});

	it('does not sign in the verified owner when Immich created the user', async () => {
		await api.accounts.makeUser({ email: boss, password: null }, null);
		await expectRefused();
	});
});

describe('an email of a user created through an API key', () => {
	const create = async (permissions: readonly AnyPermission[], fields: object) => {
		const apiKey = await api.accounts.makeApiKey(admin.user.id, permissions);
		const body = { email: boss, name: 'Boss', password: '', ...fields };
		const reply = await api.request('POST', '/api/admin/users', { apiKey, body });
		expect(reply.status, reply.text).toBe(201);
		return (reply.body as { id: string }).id;
	};

	it.each([
		['a password', { password }],
		['a password and a required change', { password, shouldChangePassword: true }],
		['a PIN', { pinCode: '739105' }]
	])('does not sign in the verified owner if the key lacks ‘all’ and set %s', async (_, fields) => {
		await providers.configure(admin.token, { linkByEmail: 'verified' });
		const id = await create(['adminUser.create'], fields);
		expect(await findEmailOrigin(id)).toMatchObject({ email: boss, origin: 'self' });
		await expectRefused('immich');
		await expectRefused();
	});

	it.each([
		['without them', ['adminUser.create'], {}],
		['with a password if the key has ‘all’', ['all'], { password }]
	] as const)('signs in the verified owner %s', async (_, permissions, fields) => {
		await providers.configure(admin.token, { linkByEmail: 'verified' });
		const id = await create(permissions, fields);
		expect((await providers.enter('club', verified())).userId).toBe(id);
	});

	it('signs in the verified owner who linked the provider after signing in with the password', async () => {
		const id = await create(['adminUser.create'], { password, shouldChangePassword: false });
		const login = await api.request('POST', '/api/auth/login', { body: { email: boss, password } });
		await providers.link('club', verified(), (login.body as { accessToken: string }).accessToken);
		expect((await providers.enter('club', verified())).userId).toBe(id);
		expect(await findEmailOrigin(id)).toMatchObject({ email: boss, origin: 'provider' });
	});
});

describe('the owner of a vouched-for email signs in', () => {
	const created = { email: boss, name: 'Boss', password: '', shouldChangePassword: false };

	it('when an admin created the user', async () => {
		const reply = await api.request('POST', '/api/admin/users', { token: admin.token, body: created });
		expect(reply.status, reply.text).toBe(201);
		const { userId } = await providers.enter('club', verified());
		expect(reply.body).toMatchObject({ id: userId });
		expect(await findEmailOrigin(userId)).toMatchObject({ email: boss, origin: 'admin' });
	});

	it('when an admin changed the email', async () => {
		const user = await api.accounts.makeUser({ password: null }, null);
		await setEmail(user.id, boss);
		expect((await providers.enter('club', verified())).userId).toBe(user.id);
	});

	it('when an admin imported the user', async () => {
		const batches = new Batches(api, admin.token);
		const { id } = await batches.draftImport(`email,name\n${boss},Boss`);
		await batches.start(id);
		await batches.finish(id);
		const [user] = await api.prisma.user.findMany({ where: { email: boss } });
		expect((await providers.enter('club', verified())).userId).toBe(user?.id);
	});

	it('when a provider verified the email at registration', async () => {
		const { userId, token } = await providers.enter('immich', verified());
		expect(await findEmailOrigin(userId)).toMatchObject({ email: boss, origin: 'provider' });
		expect((await providers.enter('club', verified('boss-at-the-club'))).userId).toBe(userId);
		// The first provider's identity stays linked.
		expect(await me({ token })).toBe(200);
		expect((await providers.enter('immich', verified())).userId).toBe(userId);
	});

	it('when a provider verifies the email later, for a user it already signs in', async () => {
		const { userId } = await providers.enter('immich', { sub: 'boss', email: boss });
		expect(await findEmailOrigin(userId)).toMatchObject({ origin: 'self' });
		await providers.enter('immich', { sub: 'boss', email: 'other@example.test', email_verified: true });
		expect(await findEmailOrigin(userId)).toMatchObject({ origin: 'self' });
		await providers.enter('immich', verified());
		expect(await findEmailOrigin(userId)).toMatchObject({ email: boss, origin: 'provider' });
		expect((await providers.enter('club', verified('boss-at-the-club'))).userId).toBe(userId);
	});

	it('and the first admin’s email counts as set by an admin', async () => {
		await api.reset();
		const body = { email: boss, name: 'Boss', password: 'correct horse battery staple' };
		await api.request('POST', '/api/auth/admin-sign-up', { body });
		const { id } = await api.prisma.user.findFirstOrThrow();
		expect(await findEmailOrigin(id)).toMatchObject({ email: boss, origin: 'admin' });
	});

	it('and the form for new users records an email set by an admin', async () => {
		const fields = { email: boss, name: 'Boss' };
		await fillIn(api, '/admin/users/new', admin.token, { by: { field: 'email' }, changes: fields });
		const { id } = await api.prisma.user.findUniqueOrThrow({ where: { email: boss } });
		expect(await findEmailOrigin(id)).toMatchObject({ email: boss, origin: 'admin' });
	});
});

describe('when the owner of an email is linked', () => {
	it('removes an unverified identity with its sessions and keys, notifies the user, and logs it', async () => {
		const mallory = await providers.enter('immich', { sub: 'mallory', email: boss });
		const apiKey = await makeKey(mallory.token);
		await setEmail(mallory.userId, 'other@example.test');
		await setEmail(mallory.userId, boss);
		const later = await makeKey(mallory.token);
		const { userId, token } = await providers.enter('club', verified());
		expect(userId).toBe(mallory.userId);
		for (const sent of [{ token: mallory.token }, { apiKey }, { apiKey: later }]) expect(await me(sent)).toBe(401);
		expect(await me({ token })).toBe(200);
		expect((await providers.signIn('immich', { sub: 'mallory', email: boss })).status).toBe(400);
		expect(await api.accounts.findUser(userId)).toMatchObject({ oauthId: '' });
		const { changes } = await api.prisma.auditEvent.findFirstOrThrow({ where: { action: 'oauth.link' } });
		expect(changes).toEqual({
			sessionsEnded: { from: null, to: 1 },
			apiKeysEnded: { from: null, to: 2 },
			identitiesRemoved: { from: null, to: 1 }
		});
		const notice = await api.prisma.notification.findFirstOrThrow({ where: { userId, title: 'Provider linked' } });
		expect(notice.description).toContain('1 linked provider, 1 session, 2 API keys');
	});

	it('removes a link that Immich made without a verified email, even if it was never used here', async () => {
		const user = await api.accounts.makeUser({ email: boss, password: null, oauthId: 'mallory' });
		await providers.enter('club', verified());
		expect(await api.accounts.findUser(user.id)).toMatchObject({ oauthId: '' });
		expect((await providers.signIn('immich', { sub: 'mallory', email: boss })).status).toBe(400);
	});

	it('removes a password that an attacker set', async () => {
		await providers.configure(admin.token, { linkByEmail: 'verified' });
		const mallory = await providers.enter('immich', { sub: 'mallory', email: boss });
		await setEmail(mallory.userId, 'other@example.test');
		await setEmail(mallory.userId, boss);
		const { password: hash } = await api.accounts.makeUser();
		await api.prisma.user.update({ where: { id: mallory.userId }, data: { password: hash } });
		await api.accounts.setPasswordState(mallory.userId, { setBy: mallory.userId });
		await providers.enter('club', verified());
		expect((await api.accounts.findUser(mallory.userId)).password).toBeNull();
	});

	it('removes what is older than the proof and keeps what is newer', async () => {
		await providers.configure(admin.token, { linkByEmail: 'verified' });
		const old = new Date(Date.now() - 60_000);
		const user = await api.accounts.makeUser({ createdAt: old });
		const oldSession = await api.accounts.makeSession(user.id, { createdAt: old });
		const oldKey = await api.accounts.makeApiKey(user.id);
		await api.prisma.apiKey.updateMany({ data: { createdAt: old } });
		await setEmail(user.id, boss);
		const proof = await findEmailOrigin(user.id);
		const younger = new Date((proof?.since.getTime() ?? 0) + 1);
		const session = await api.accounts.makeSession(user.id, { createdAt: younger });
		await api.accounts.setPasswordState(user.id, { setBy: user.id, setAt: younger });
		expect((await providers.enter('club', verified())).userId).toBe(user.id);
		expect([await me({ token: oldSession }), await me({ apiKey: oldKey }), await me({ token: session })]).toEqual([
			401, 401, 200
		]);
		expect((await api.accounts.findUser(user.id)).password).toBe(user.password);
	});

	it('removes a password that is older than the proof', async () => {
		await providers.configure(admin.token, { linkByEmail: 'verified' });
		const user = await api.accounts.makeUser({ createdAt: new Date(Date.now() - 60_000) });
		await setEmail(user.id, boss);
		await providers.enter('club', verified());
		expect((await api.accounts.findUser(user.id)).password).toBeNull();
	});

	it('removes nothing if the email was vouched for from the start', async () => {
		await providers.configure(admin.token, { linkByEmail: 'verified' });
		const { user, token } = await api.accounts.signIn({ email: boss });
		const apiKey = await api.accounts.makeApiKey(user.id);
		await providers.link('immich', { sub: 'private', email: 'private@example.test' }, token);
		expect((await providers.enter('club', verified())).userId).toBe(user.id);
		expect([await me({ token }), await me({ apiKey })]).toEqual([200, 200]);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ password: user.password, oauthId: 'private' });
		expect(await api.prisma.oAuthIdentity.count({ where: { userId: user.id } })).toBe(2);
	});
});

describe('linking an identity from a session', () => {
	it('notifies the user once per provider', async () => {
		const { user, token } = await api.accounts.signIn();
		await providers.link('club', { sub: 'ann', email: 'ann@example.test' }, token);
		await providers.link('club', { sub: 'ann', email: 'ann@example.test' }, token);
		const notices = await api.prisma.notification.findMany({ where: { userId: user.id } });
		expect(notices.map(({ title }) => title)).toEqual(['Provider linked']);
		const page = await api.request('GET', '/account/notifications', {
			cookie: buildCookie(token),
			headers: { accept: 'text/html' }
		});
		expect(page.text).toContain('href="/account/providers"');
	});
});
