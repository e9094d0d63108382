import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { HostileProvider } from '#tests/support/hostile-provider.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let provider: HostileProvider;
const page = '/account/providers?/link';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	provider.lies = {};
	provider.person = { sub: 'eve', email: 'eve@example.test', email_verified: true };
});

async function signInEarlier(minutes: number, fields = {}) {
	const user = await api.accounts.makeUser(fields);
	return { user, token: await api.accounts.makeSession(user.id, { createdAt: ago(minutes) }) };
}

const countIdentities = () => api.prisma.oAuthIdentity.count();

async function linkAsProgram(token: string) {
	const { url, cookie } = await begin(api);
	return api.request('POST', '/api/oauth/link', { body: { url: provider.comeBack(url) }, cookie, token });
}

describe('POST /oauth/link', () => {
	it('returns 200 within 10 minutes of signing in', async () => {
		const { token } = await signInEarlier(9);
		expect((await linkAsProgram(token)).status).toBe(200);
		expect(await countIdentities()).toBe(1);
	});

	it('returns 400 later and links nothing, so a stolen session cannot add its own identity', async () => {
		const { user, token } = await signInEarlier(11);
		const reply = await linkAsProgram(token);
		expect([reply.status, reply.body]).toEqual([400, message('A recent sign-in is required')]);
		expect(await countIdentities()).toBe(0);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('returns 400 for a child session', async () => {
		const { user, token } = await api.accounts.signIn();
		const child = await api.request('POST', '/api/sessions', { token, body: {} });
		expect(child.status).toBe(201);
		const { token: childToken } = child.body as { token: string };
		expect((await linkAsProgram(childToken)).status).toBe(400);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ oauthId: '' });
	});

	it('returns 200 later for an identity already linked to the user', async () => {
		const { user, token } = await signInEarlier(9);
		await linkAsProgram(token);
		const old = await api.accounts.makeSession(user.id, { createdAt: ago(11) });
		expect((await linkAsProgram(old)).status).toBe(200);
	});
});

describe('the page', () => {
	const submit = (token: string, form = {}) => api.submit(page, { providerId: 'immich', ...form }, buildCookie(token));
	const addressIn = (text: string) => /href="([^"]+\/authorize\?[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');

	it('asks for the current password more than 10 minutes after signing in, and links with it', async () => {
		const { token } = await signInEarlier(11);
		const shown = await api.request('GET', '/account/providers', { cookie: buildCookie(token) });
		expect(shown.text).toContain('name="currentPassword"');
		for (const form of [{}, { currentPassword: '' }, { currentPassword: 'wrong password' }]) {
			const refused = await submit(token, form);
			expect(refused.status).toBe(400);
			expect(addressIn(refused.text)).toBeUndefined();
		}
		const started = await submit(token, { currentPassword: password });
		expect(started.status).toBe(200);
		const { search } = new URL(provider.comeBack(addressIn(started.text) ?? ''));
		const cookie = `${buildCookie(token)}; ${toCookieHeader(started.cookies)}`;
		const linked = await api.request('GET', `/user-settings${search}`, {
			cookie,
			headers: { accept: 'text/html', host: new URL(api.url).host }
		});
		expect([linked.status, linked.headers.location]).toEqual([303, '/account/providers?linked']);
		expect(await countIdentities()).toBe(1);
	});

	it('asks for no password shortly after signing in', async () => {
		const { token } = await signInEarlier(9);
		const shown = await api.request('GET', '/account/providers', { cookie: buildCookie(token) });
		expect(shown.text).not.toContain('name="currentPassword"');
		expect(addressIn((await submit(token)).text)).toBeDefined();
	});

	it('asks a user without a password to sign in again', async () => {
		const { token } = await signInEarlier(11, { password: null });
		const shown = await api.request('GET', '/account/providers', { cookie: buildCookie(token) });
		expect(shown.text).toContain('To link a provider, sign out and sign in again first.');
		expect(shown.text).not.toContain('name="currentPassword"');
		expect((await submit(token)).status).toBe(400);
	});
});
