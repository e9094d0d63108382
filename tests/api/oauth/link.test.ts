import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let oidc: Oidc;

beforeAll(async () => {
	const ann = { email: 'ann@example.test', email_verified: true };
	oidc = await Oidc.start({ redirectUris: [redirectUri], claims: { ann, bob: { email: 'bob@example.test' } } });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, oidc);
});

async function link(token: string, subject: string) {
	const { url, cookie } = await comeBack(api, oidc, subject);
	return api.request('POST', '/api/oauth/link', { body: { url }, cookie, token });
}

describe('POST /oauth/link', () => {
	it('returns 200, and the user, also an admin, can then sign in with the provider', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const reply = await link(token, 'ann');
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ id: user.id, oauthId: 'ann' });
		expect((await signInBy(api, oidc, 'ann')).body).toMatchObject({ userId: user.id });
	});

	it('returns 400 for an identity of another user', async () => {
		await link((await api.accounts.signInAdmin()).token, 'ann');
		const reply = await link((await api.accounts.signIn()).token, 'ann');
		expect(reply.body).toEqual(message('This OAuth account has already been linked to another user.'));
		expect(reply.status).toBe(400);
	});

	it('returns 400 for an identity that Immich linked to another user', async () => {
		await api.accounts.makeUser({ oauthId: 'ann' });
		expect((await link((await api.accounts.signIn()).token, 'ann')).status).toBe(400);
	});

	it('returns 500 for another flow’s state', async () => {
		const { token } = await api.accounts.signIn();
		const { cookie } = await comeBack(api, oidc, 'ann');
		const body = { url: `${redirectUri}?code=a&state=b` };
		const reply = await api.request('POST', '/api/oauth/link', { body, cookie, token });
		expect([reply.status, reply.body]).toEqual([500, message('Failed to link oauth account')]);
	});

	it('returns 401 without a credential, 403 for a key without all and from another site, 400 for wrong types', async () => {
		const { user, token } = await api.accounts.signIn();
		const body = { url: `${redirectUri}?code=a&state=b` };
		const apiKey = await api.accounts.makeApiKey(user.id, ['user.read']);
		const headers = { origin: 'https://evil.example' };
		const send = (sent: object) => api.request('POST', '/api/oauth/link', { body, ...sent });
		expect((await send({})).status).toBe(401);
		expect((await send({ apiKey })).status).toBe(403);
		expect((await send({ cookie: buildCookie(token), headers })).status).toBe(403);
		expect((await send({ token, body: { url: 5 } })).status).toBe(400);
	});
});

it('notifies the user, as does unlinking', async () => {
	const { user, token } = await api.accounts.signIn();
	await link(token, 'ann');
	await link(token, 'ann');
	await api.request('POST', '/api/oauth/unlink', { token });
	expect(await new Notifications(api).listReceived(user.id)).toMatchObject([
		{ title: 'Provider linked', description: expect.stringContaining('through 127.0.0.1') as unknown },
		{ title: 'Provider unlinked', description: expect.stringContaining('that you unlinked') as unknown }
	]);
});

describe('POST /oauth/unlink', () => {
	it('returns 200, disables sign-in with the provider, and keeps sessions', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		await link(token, 'ann');
		const reply = await api.request('POST', '/api/oauth/unlink', { token });
		expect([reply.status, reply.body]).toMatchObject([200, { id: user.id, oauthId: '' }]);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
	});

	it('returns 401 without a credential, 403 for a key without all', async () => {
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeUser()).id, ['user.read']);
		expect((await api.request('POST', '/api/oauth/unlink')).status).toBe(401);
		expect((await api.request('POST', '/api/oauth/unlink', { apiKey })).status).toBe(403);
	});
});

// Their effects are tested in unlink.test.ts.
describe.each([
	['POST /admin/auth/unlink-all', 'POST', () => '/api/admin/auth/unlink-all', 'adminAuth.unlinkAll', 204],
	['GET /admin/auth/unlink-all', 'GET', () => '/api/admin/auth/unlink-all', 'adminAuth.unlinkAll', 200],
	['DELETE /admin/users/{id}/oauth', 'DELETE', (id: string) => `/api/admin/users/${id}/oauth`, 'adminAuth.unlink', 200]
] as const)('%s', (_, method, getPath, permission, status) => {
	it(`returns ${status} for a key with only its permission`, async () => {
		const { id } = await api.accounts.makeUser();
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeAdmin()).id, [permission]);
		expect((await api.request(method, getPath(id), { apiKey })).status).toBe(status);
	});

	it('returns 401 without a credential, 403 for other users and for a key without the permission', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeAdmin()).id, ['user.read']);
		expect((await api.request(method, getPath(user.id))).status).toBe(401);
		expect((await api.request(method, getPath(user.id), { token })).status).toBe(403);
		expect((await api.request(method, getPath(user.id), { apiKey })).status).toBe(403);
	});
});
