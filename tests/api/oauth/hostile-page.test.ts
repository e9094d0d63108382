import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { findForms } from '#tests/support/html-form.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { countAll, expectLogged } from '#tests/support/hostile-sign-in.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';

const api = useApi();
let provider: HostileProvider;
const unusable = 'Sign-in with the provider failed. Please try again.';
const elsewhere = 'This sign-in has expired or was started in another browser. Please start again.';

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin();
	provider.lies = {};
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
});

const open = (path: string, cookie = '') =>
	api.request('GET', path, { cookie, headers: { accept: 'text/html', host: new URL(api.url).host } });

/** Presses the button, approves the flow, and returns the redirect's path and cookie. */
async function comeBack(lies: Lies = {}, query = '') {
	const begun = await open(`/auth/login?provider=immich${query}`);
	expect(begun.status).toBe(303);
	provider.lies = lies;
	const { pathname, search } = new URL(provider.comeBack(begun.headers.location ?? ''));
	return { path: pathname + search, cookie: toCookieHeader(begun.cookies) };
}

async function expectRefusedOnPage(path: string, cookie: string, sentence: string, reason: RegExp) {
	const before = await countAll(api);
	const reply = await open(path, cookie);
	expect(reply.status).toBe(200);
	expect(reply.text).toContain('Sign-in failed');
	expect(reply.text).toContain(sentence);
	expect(reply.text).toContain(String(reply.headers['x-correlation-id']));
	// The next steps: the provider again, or the password.
	expect(reply.text).toContain('href="/auth/login?provider=immich&amp;continue=%2F"');
	expect(findForms(reply.text).filter(({ names }) => names.includes('password'))).toHaveLength(1);
	expect(reply.cookies.filter((set) => set.startsWith('immich_access_token='))).toEqual([]);
	expect(reply.cookies.filter((set) => set.startsWith('immich_oauth_'))).toHaveLength(2);
	expect(await countAll(api)).toEqual({ ...before, flows: cookie === '' ? before.flows : 0 });
	await expectLogged(api, provider, reply, reason);
}

describe('GET /auth/login after a provider’s redirect', () => {
	it.each([
		['signs for another', { claims: { aud: 'other' } }, unusable, /aud/],
		['hangs up', { answers: { token: (response) => response.destroy() } }, unusable, /fetch failed/],
		['forgets the state', { back: { state: 'other' } }, unusable, /state/],
		['has an empty subject', { claims: { sub: '' } }, unusable, /sub/],
		[
			'was not agreed with',
			{ back: { code: undefined, error: 'access_denied' } },
			'Sign-in was cancelled or denied by the provider.',
			/access_denied/
		],
		[
			'does not know whether the email is the user’s',
			{ claims: { email_verified: false } },
			'The provider does not confirm that this email address is yours.',
			/not verified/
		],
		[
			'didn’t return an email',
			{ claims: { email: undefined }, profile: { email: undefined } },
			'Your provider didn’t share your email',
			/didn’t return an email/
		]
	] satisfies [string, Lies, string, RegExp][])(
		'shows the reason if the provider %s',
		async (_, lies, sentence, reason) => {
			const { path, cookie } = await comeBack(lies);
			await expectRefusedOnPage(path, cookie, sentence, reason);
		}
	);

	it('shows the reason in another browser and for an address opened twice', async () => {
		const { path, cookie } = await comeBack();
		await expectRefusedOnPage(path, '', elsewhere, /state is missing/);
		await api.prisma.oAuthFlow.deleteMany();
		await expectRefusedOnPage(path, cookie, elsewhere, /never started, or it has ended/);
	});

	it('shows the reason instead of redirecting again if the page starts the provider automatically', async () => {
		await configureOAuth(api, provider, { autoLaunch: true });
		const { path, cookie } = await comeBack({ claims: { nonce: 'other' } });
		await expectRefusedOnPage(path, cookie, unusable, /nonce/);
	});

	it('shows the reason if the provider is unreachable, before starting a flow', async () => {
		await configureOAuth(api, { issuer: 'http://127.0.0.1:1' });
		const reply = await open('/auth/login?provider=immich');
		expect([reply.status, reply.headers.location]).toEqual([200, undefined]);
		expect(reply.text).toContain('Couldn’t reach the provider.');
		expect(reply.text).toContain(String(reply.headers['x-correlation-id']));
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
		await expectLogged(api, provider, reply, /fetch failed/);
	});

	it('keeps the session of a signed-in user, whatever the provider returns', async () => {
		const { token } = await api.accounts.signIn();
		const { path, cookie } = await comeBack({ claims: { aud: 'other' } });
		const reply = await open(path, `${cookie}; ${buildCookie(token)}`);
		expect(reply.text).toContain(unusable);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
	});
});

describe('a link to the sign-in page', () => {
	/** Follows a link as a top-level navigation; embedding in another page is refused anyway. */
	const follow = (path: string, site: string) => {
		const host = new URL(api.url).host;
		const headers = { accept: 'text/html', host, 'sec-fetch-site': site, 'sec-fetch-dest': 'document' };
		return api.request('GET', path, { headers });
	};

	it.each(['cross-site', 'same-site'])('does not start a provider’s flow from another site (%s)', async (site) => {
		const reply = await follow('/auth/login?provider=immich', site);
		expect([reply.status, reply.headers.location]).toEqual([200, undefined]);
		expect(reply.text).not.toContain('Sign-in failed');
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it.each(['same-origin', 'none'])(
		'starts a provider’s flow from our own site and the address bar (%s)',
		async (site) => {
			expect((await follow('/auth/login?provider=immich', site)).status).toBe(303);
			expect(await api.prisma.oAuthFlow.count()).toBe(1);
		}
	);
});

describe('after returning from the provider, the browser is redirected', () => {
	it.each([
		'https://evil.example/',
		'//evil.example/',
		'/\\evil.example/',
		'\\\\evil.example/',
		'/\t/evil.example/',
		'javascript:alert(1)',
		'/%2F/../\\evil.example',
		'http:evil.example',
		'evil.example',
		'/./\n/evil.example'
	])('to the home page instead of ‘%s’', async (wanted) => {
		const { path, cookie } = await comeBack({}, `&continue=${encodeURIComponent(wanted)}`);
		const reply = await open(path, cookie);
		expect([reply.status, reply.headers.location]).toEqual([303, '/']);
	});

	it('to the home page if the cookie was forged', async () => {
		const { path, cookie } = await comeBack();
		const planted = cookie.replace(/immich_auth_continue=[^;]*/, 'immich_auth_continue=//evil.example');
		expect(planted).toContain('evil');
		expect((await open(path, planted)).headers.location).toBe('/');
	});

	it('to a page of this server', async () => {
		const { path, cookie } = await comeBack({}, `&continue=${encodeURIComponent('/account/devices?a=b')}`);
		expect((await open(path, cookie)).headers.location).toBe('/account/devices?a=b');
	});
});

describe('GET /oauth/mobile-redirect', () => {
	it.each([
		'?code=a&state=b',
		'?//evil.example',
		'?a=%0d%0aLocation:%20//evil.example',
		'?#//evil.example',
		'?@evil.example'
	])('redirects only to the app for ‘%s’', async (query) => {
		const reply = await api.request('GET', `/api/oauth/mobile-redirect${query}`);
		expect(reply.status).toBe(307);
		expect(reply.headers.location).toMatch(/^app\.immich:\/\/\/oauth-callback\?/);
	});
});
