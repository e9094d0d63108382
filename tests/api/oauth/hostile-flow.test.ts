import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { countAll, expectLogged, expectRefused, signInAtLiar } from '#tests/support/hostile-sign-in.ts';
import { begin, configureOAuth, redirectUri } from '#tests/support/oauth.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let provider: HostileProvider;

beforeAll(async () => {
	provider = await HostileProvider.start();
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin();
	provider.lies = {};
});

/** Goes to the provider and back. */
async function comeBack() {
	const { url, cookie } = await begin(api);
	return { url: provider.comeBack(url), cookie };
}
const finish = (url: string, cookie: string, body: object = {}) =>
	api.request('POST', '/api/oauth/callback', { body: { url, ...body }, cookie });

describe('returns 500 when the provider redirects back', () => {
	it.each([
		['because the person has not agreed', { code: undefined, error: 'access_denied' }, /access_denied/],
		['with an error of its own', { code: undefined, error: 'server_error' }, /server_error/],
		['with an error and a code', { error: 'access_denied' }, /access_denied/],
		['with neither', { code: undefined }, /code/],
		['with a code that it does not know', { code: 'other' }, /invalid_grant/],
		['without the state', { state: undefined }, /state/],
		['with another state', { state: 'other' }, /state/],
		['with an empty state', { state: '' }, /state/],
		['in the name of another', { iss: 'https://accounts.example.test' }, /iss/],
		['without the issuer that it announces', { iss: undefined }, /iss/],
		['with a token in the address', { id_token: 'a.b.c', token: 'abc' }, /id_token|implicit/]
	] satisfies [string, Lies['back'], RegExp][])('%s', async (_, back, reason) => {
		await expectRefused(api, provider, () => signInAtLiar(api, provider, { back }), { reason });
	});

	it.each(['code', 'state', 'iss'])('with two of %s', async (name) => {
		const tries = async () => {
			const { url, cookie } = await comeBack();
			return finish(`${url}&${name}=${new URL(url).searchParams.get(name) ?? ''}`, cookie);
		};
		await expectRefused(api, provider, tries, { reason: new RegExp(name) });
	});
});

describe('returns 500 for a flow', () => {
	const over = /never started, or it has ended/;

	it('that was already used, even if the code was not', async () => {
		const { url, cookie } = await comeBack();
		provider.lies = { answers: { token: (response) => response.destroy() } };
		expect((await finish(url, cookie)).status).toBe(500);
		provider.lies = {};
		await expectRefused(api, provider, () => finish(url, cookie), { reason: over });
	});

	it('that is used twice concurrently, except for the first request', async () => {
		const { url, cookie } = await comeBack();
		const replies = await Promise.all([1, 2, 3, 4].map(() => finish(url, cookie)));
		expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 500, 500, 500]);
		expect(await countAll(api)).toMatchObject({ sessions: 1, identities: 1, flows: 0 });
	});

	it('with a code from another flow', async () => {
		const [first, second] = [await begin(api), await begin(api)];
		const code = new URL(provider.comeBack(first.url)).searchParams.get('code') ?? '';
		const url = new URL(provider.comeBack(second.url));
		url.searchParams.set('code', code);
		const reply = await finish(url.href, second.cookie);
		expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
		await expectLogged(api, provider, reply, /invalid_grant/);
	});

	it('from another browser, while the original browser can still finish it', async () => {
		const [mine, other] = [await comeBack(), await begin(api)];
		const reply = await finish(mine.url, other.cookie);
		expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
		await expectLogged(api, provider, reply, /state/);
		expect((await finish(mine.url, mine.cookie)).status).toBe(201);
	});

	it('with a verifier or state chosen by the client', async () => {
		const own = randomBytes(32).toString('base64url');
		for (const body of [{ codeVerifier: own }, { state: own }]) {
			const { url, cookie } = await comeBack();
			const reply = await finish(url, cookie, body);
			expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
			await expectLogged(api, provider, reply, over);
		}
		expect(await api.prisma.session.count()).toBe(0);
	});

	it('that expired after ten minutes', async () => {
		const tries = async () => {
			const { url, cookie } = await comeBack();
			await api.prisma.oAuthFlow.updateMany({ data: { expiresAt: new Date() } });
			return finish(url, cookie);
		};
		await expectRefused(api, provider, tries, { reason: over });
	});

	it('of a provider that was disabled or changed in the meantime', async () => {
		const { url, cookie } = await comeBack();
		await configureOAuth(api, provider, { clientId: 'another' });
		expect((await finish(url, cookie)).status).toBe(500);
		const second = await comeBack();
		await configureOAuth(api, provider, { enabled: false });
		const reply = await finish(second.url, second.cookie);
		expect([reply.status, reply.body]).toEqual([400, message('OAuth is not enabled')]);
	});
});

describe('returns 400 for wrong types and stores nothing', () => {
	const wrong: readonly unknown[] = [5, true, null, [], {}, ['a'], { toString: 'a' }];
	const url = `${redirectUri}?code=a&state=b`;
	it.each([
		['/api/oauth/authorize', 'redirectUri', {}, [...wrong, undefined, 'a'.repeat(2_001)]],
		['/api/oauth/authorize', 'state', { redirectUri }, [...wrong, '', 'a'.repeat(501)]],
		['/api/oauth/authorize', 'codeChallenge', { redirectUri }, [...wrong, '', 'a'.repeat(201)]],
		['/api/oauth/authorize', 'providerId', { redirectUri }, [...wrong, 'a'.repeat(101)]],
		['/api/oauth/callback', 'url', {}, [...wrong, undefined, '', 'a'.repeat(8_001)]],
		['/api/oauth/callback', 'state', { url }, [...wrong, 'a'.repeat(501)]],
		['/api/oauth/callback', 'codeVerifier', { url }, [...wrong, 'a'.repeat(501)]],
		['/api/oauth/link', 'url', {}, [...wrong, undefined, '', 'a'.repeat(8_001)]],
		['/api/oauth/link', 'state', { url }, [...wrong, 'a'.repeat(501)]],
		['/api/oauth/link', 'codeVerifier', { url }, [...wrong, 'a'.repeat(501)]]
	] satisfies [string, string, object, unknown[]][])('%s: %s', async (path, field, rest, values) => {
		const { token } = await api.accounts.signIn();
		for (const value of values) {
			const reply = await api.request('POST', path, { body: { ...rest, [field]: value }, token });
			expect([reply.status, reply.body], JSON.stringify(value)).toMatchObject([400, message('Validation failed')]);
		}
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});
});

describe('POST /oauth/authorize', () => {
	it.each([
		'javascript:alert(1)',
		'JavaScript://photos.example.test/%0aalert(1)',
		'data:text/html,<script>alert(1)</script>',
		'vbscript:msgbox',
		'file:///etc/passwd',
		'blob:http://photos.example.test/a',
		'about:blank',
		'http://photos.example.test@evil.example/auth/login',
		'https://:secret@evil.example/',
		'//evil.example/auth/login',
		'/auth/login',
		'photos.example.test/auth/login',
		'http://',
		'https://a b/',
		''
	])('returns 400 for the redirect URI ‘%s’', async (wanted) => {
		const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri: wanted } });
		expect([reply.status, reply.body]).toEqual([400, message('redirectUri must be a valid URL')]);
		expect(reply.cookies).toEqual([]);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it.each([
		'app.immich:///oauth-callback',
		'http://192.168.1.5:2283/auth/login',
		'https://photos.example.test/user-settings'
	])('returns 201 for the redirect URI ‘%s’', async (wanted) => {
		const { url } = await begin(api, { redirectUri: wanted });
		expect(new URL(url).searchParams.get('redirect_uri')).toBe(wanted);
	});

	it('escapes the state and redirect URI in the provider’s address', async () => {
		const state = '&redirect_uri=https://evil.example#';
		const { url } = await begin(api, { state, redirectUri: `${redirectUri}?a=b&client_id=evil#&scope=all` });
		const { searchParams, hash } = new URL(url);
		expect([searchParams.getAll('state'), searchParams.getAll('client_id'), hash]).toEqual([[state], ['photos'], '']);
	});
});
