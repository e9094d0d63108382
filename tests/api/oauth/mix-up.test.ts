import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { toCodeChallenge } from '#lib/server/features/oauth/flow.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { HostileProvider } from '#tests/support/hostile-provider.ts';
import { expectLogged } from '#tests/support/hostile-sign-in.ts';
import { findForms } from '#tests/support/html-form.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { clientId, clientSecret } from '#tests/support/oidc.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let honest: HostileProvider;
let hostile: HostileProvider;
let admin: Awaited<ReturnType<typeof api.accounts.signInAdmin>>;
const wrongPlace = /redirect URI of another provider/;

beforeAll(async () => {
	honest = await HostileProvider.start();
	hostile = await HostileProvider.start();
});
afterAll(() => Promise.all([honest.close(), hostile.close()]));
beforeEach(async () => {
	await api.reset();
	// Only the redirect URI can distinguish these two.
	const lies = {
		back: { iss: undefined },
		metadata: () => ({ authorization_response_iss_parameter_supported: undefined })
	};
	for (const provider of [honest, hostile]) {
		provider.lies = lies;
		provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
	}
	await configureOAuth(api, honest);
	admin = await api.accounts.signInAdmin();
	const club = {
		...oauthProviderDefaults,
		enabled: true,
		issuerUrl: hostile.issuer,
		clientId,
		clientSecret,
		allowInsecureRequests: true
	};
	const body = { ...immichAuthConfigDefaults, oauth: { ...immichAuthConfigDefaults.oauth, providers: { club } } };
	expect((await api.request('PUT', '/api/admin/auth-config', { token: admin.token, body })).status).toBe(200);
});

const getRedirectUri = (url: string) => new URL(url).searchParams.get('redirect_uri') ?? '';
const getState = (url: string) => new URL(url).searchParams.get('state') ?? '';
const finish = (url: string, cookie: string) => api.request('POST', '/api/oauth/callback', { body: { url }, cookie });
const open = (path: string, cookie: string) =>
	api.request('GET', path, { cookie, headers: { accept: 'text/html', host: new URL(api.url).host } });
const getPath = (url: string) => new URL(url).pathname + new URL(url).search;

/** One provider's response with the state of a flow started for the other. */
async function crossed(answering: HostileProvider, answeringId: string, flowUrl: string): Promise<string> {
	const { url } = await begin(api, { providerId: answeringId });
	const answer = new URL(answering.comeBack(url));
	answer.searchParams.set('state', getState(flowUrl));
	return answer.href;
}

describe('redirect URIs', () => {
	it('keep Immich’s values for the first provider', async () => {
		for (const redirectUri of [
			'http://photos.example.test/auth/login',
			'http://photos.example.test/user-settings',
			'app.immich:///oauth-callback'
		])
			expect(getRedirectUri((await begin(api, { redirectUri })).url)).toBe(redirectUri);
	});

	it.each([
		'http://photos.example.test/auth/login',
		'http://photos.example.test/user-settings',
		'http://photos.example.test/auth/login/club',
		'http://photos.example.test/auth/login/other?a=b#c'
	])('are the provider’s own for another provider when a client sends ‘%s’', async (redirectUri) => {
		const { url } = await begin(api, { redirectUri, providerId: 'club' });
		expect(getRedirectUri(url)).toBe('http://photos.example.test/auth/login/club');
	});

	it.each([
		['app.immich:///oauth-callback', 'club'],
		['javascript:alert(1)', 'club'],
		['http://photos.example.test/auth/login/club', 'immich'],
		['http://photos.example.test/auth/login/club/', 'immich'],
		['http://photos.example.test/auth/login/club?a=b', 'immich'],
		['http://photos.example.test/auth/login/club//', 'immich'],
		['http://photos.example.test/auth/login/club/.', 'immich'],
		['http://photos.example.test/auth/login/other/../club', 'immich'],
		['http://photos.example.test/auth/login/other/%2e%2e/club#a', 'immich'],
		['http://photos.example.test/auth/login\\club', 'immich'],
		['http://photos.example.test/%61uth/lo%67in/club', 'immich'],
		['http://photos.example.test/auth/login/%63lub', 'immich'],
		['http://photos.example.test/AUTH/login/club', 'immich']
	])('return 400 for ‘%s’ at the provider %s', async (redirectUri, providerId) => {
		const reply = await api.request('POST', '/api/oauth/authorize', { body: { redirectUri, providerId } });
		expect([reply.status, reply.body]).toEqual([400, message('redirectUri must be a valid URL')]);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('are the ones that the pages use and the console shows', async () => {
		const own = `${api.url}/auth/login/club`;
		const signIn = await open('/auth/login?provider=club', '');
		expect(getRedirectUri(signIn.headers.location ?? '')).toBe(own);
		const html = await openPage(api, '/admin/settings/provider-club', admin.token);
		expect(html.includes('/auth/login/club')).toBe(true);
		expect(html.includes('/user-settings')).toBe(false);
		const [form] = findForms(html).filter(({ names }) => names.includes('base'));
		const tried = await api.submit(
			'/admin/settings/provider-club?/tryProvider',
			form?.fields ?? {},
			buildCookie(admin.token)
		);
		expect(tried.text.includes(encodeURIComponent(own))).toBe(true);
		const linked = await api.submit('/account/providers?/link', { providerId: 'club' }, buildCookie(admin.token));
		expect(linked.text.includes(encodeURIComponent(own))).toBe(true);
		const first = await openPage(api, '/admin/settings/oauth', admin.token);
		for (const shown of ['/auth/login', '/user-settings', '/oauth/backchannel-logout', 'app.immich:///oauth-callback'])
			expect(first.includes(shown), shown).toBe(true);
	});
});

describe('a response at another provider’s redirect URI', () => {
	it.each([
		['the first provider, in a flow of another', () => honest, 'immich', 'club'],
		['another provider, in a flow of the first', () => hostile, 'club', 'immich']
	] as const)('returns 500 from %s and ends the flow', async (_, provider, answeringId, flowId) => {
		const begun = await begin(api, { providerId: flowId });
		const answer = await crossed(provider(), answeringId, begun.url);
		const reply = await finish(answer, begun.cookie);
		expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
		await expectLogged(api, honest, reply, wrongPlace);
		const { token } = await api.accounts.signIn();
		const linked = await api.request('POST', '/api/oauth/link', { body: { url: answer }, cookie: begun.cookie, token });
		expect(linked.status).toBe(500);
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
	});

	it('signs no one in on the page either', async () => {
		const begun = await open('/auth/login?provider=club', '');
		const cookie = toCookieHeader(begun.cookies);
		const answer = await crossed(honest, 'immich', begun.headers.location ?? '');
		const reply = await open(getPath(answer), cookie);
		expect(reply.text).toContain('Sign-in failed');
		expect(reply.cookies.filter((set) => set.startsWith('immich_access_token='))).toEqual([]);
		await expectLogged(api, honest, reply, wrongPlace);
	});

	it('is not linked', async () => {
		const linked = await api.submit('/account/providers?/link', { providerId: 'club' }, buildCookie(admin.token));
		const [, href = ''] = /href="([^"]+\/authorize\?[^"]+)"/.exec(linked.text) ?? [];
		const cookie = `${toCookieHeader(linked.cookies)}; ${buildCookie(admin.token)}`;
		const answer = await crossed(honest, 'immich', href.replaceAll('&amp;', '&'));
		const reply = await open(`/user-settings${new URL(answer).search}`, cookie);
		expect(reply.text).toContain('Couldn’t link the account');
		await expectLogged(api, honest, reply, wrongPlace);
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
	});
});

describe('another provider’s own redirect URI', () => {
	it('signs in and redirects to the requested page', async () => {
		const begun = await open('/auth/login?provider=club&continue=%2Faccount%2Fdevices', '');
		const reply = await open(getPath(hostile.comeBack(begun.headers.location ?? '')), toCookieHeader(begun.cookies));
		expect([reply.status, reply.headers.location]).toEqual([303, '/account/devices']);
		expect(reply.cookies.filter((set) => set.startsWith('immich_access_token='))).toHaveLength(1);
	});

	it('links an identity', async () => {
		const linked = await api.submit('/account/providers?/link', { providerId: 'club' }, buildCookie(admin.token));
		const [, href = ''] = /href="([^"]+\/authorize\?[^"]+)"/.exec(linked.text) ?? [];
		const cookie = `${toCookieHeader(linked.cookies)}; ${buildCookie(admin.token)}`;
		const arrived = await open(getPath(hostile.comeBack(href.replaceAll('&amp;', '&'))), cookie);
		expect(arrived.status).toBe(303);
		const reply = await open(arrived.headers.location ?? '', cookie);
		expect([reply.status, reply.headers.location]).toEqual([303, '/account/providers?linked']);
		expect(await api.prisma.oAuthIdentity.findMany()).toMatchObject([{ userId: admin.user.id, providerId: 'club' }]);
	});

	it('shows the reason for a failure, and the sign-in page without a response', async () => {
		const begun = await open('/auth/login?provider=club', '');
		hostile.lies = { ...hostile.lies, claims: { nonce: 'other' } };
		const reply = await open(getPath(hostile.comeBack(begun.headers.location ?? '')), toCookieHeader(begun.cookies));
		expect(reply.status).toBe(200);
		expect(reply.text).toContain('Sign-in failed');
		expect(reply.text).toContain(String(reply.headers['x-correlation-id']));
		const empty = await open('/auth/login/club', '');
		expect([empty.status, empty.headers.location]).toEqual([303, '/auth/login']);
	});
});

describe('a code challenge', () => {
	const authorize = (body: object) =>
		api.request('POST', '/api/oauth/authorize', { body: { redirectUri: 'app.immich:///oauth-callback', ...body } });
	const used = message('codeChallenge has been used already');

	it('starts only one flow: 400 for the same one, whatever the provider and state', async () => {
		const codeVerifier = randomBytes(32).toString('base64url');
		const [codeChallenge, state] = [toCodeChallenge(codeVerifier), 'a-state-of-the-app'];
		const begun = await authorize({ codeChallenge, state });
		expect(begun.status).toBe(201);
		const redirectUri = 'http://photos.example.test/auth/login';
		for (const body of [
			{ codeChallenge, state },
			{ codeChallenge, state, providerId: 'club', redirectUri },
			{ codeChallenge, state: 'another' },
			{ codeChallenge }
		]) {
			const reply = await authorize(body);
			expect([reply.status, reply.body]).toEqual([400, used]);
			expect(reply.cookies).toEqual([]);
		}
		// Its flow still works, and finishing it does not free the challenge.
		const url = honest.comeBack((begun.body as { url: string }).url);
		const done = await api.request('POST', '/api/oauth/callback', { body: { url, state, codeVerifier } });
		expect(done.status, done.text).toBe(201);
		expect((await authorize({ codeChallenge, state })).body).toEqual(used);
	});

	it('cannot be reused if the server created it', async () => {
		const { url } = await begin(api);
		const codeChallenge = new URL(url).searchParams.get('code_challenge') ?? '';
		expect((await authorize({ codeChallenge, state: getState(url) })).body).toEqual(used);
	});

	it('serves one of many concurrent requests', async () => {
		const body = { codeChallenge: toCodeChallenge('a'.repeat(43)), state: 's' };
		const replies = await Promise.all([1, 2, 3, 4].map(() => authorize(body)));
		expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400, 400]);
	});

	it('is stored as a hash for a day', async () => {
		const codeChallenge = toCodeChallenge('b'.repeat(43));
		await authorize({ codeChallenge });
		const [row] = await api.prisma.oAuthChallenge.findMany();
		expect(Buffer.from(row?.hash ?? []).toString()).not.toContain(codeChallenge);
		const hours = ((row?.expiresAt.getTime() ?? 0) - Date.now()) / 3_600_000;
		expect([hours > 23, hours < 25]).toEqual([true, true]);
	});
});
