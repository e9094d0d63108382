import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OAuthAuthorizeResponseDto } from '#lib/contract/oauth/oauth.ts';
import { toCodeChallenge, newFlowSecrets } from '#lib/server/features/oauth/flow.ts';
import { useApi } from '#tests/support/api.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { Oidc, type OidcOptions } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const appUri = 'app.immich:///oauth-callback';
const mobileRedirectUri = 'http://photos.example.test/api/oauth/mobile-redirect';
const claims = { ann: { email: 'ann@example.test', email_verified: true } };
let oidc: Oidc;

beforeEach(async () => {
	await api.reset();
	await api.accounts.makeAdmin();
});
afterEach(() => oidc.close());

async function provide(redirectUri: string, fields: Readonly<Record<string, unknown>> = {}, more = {}) {
	const options: OidcOptions = { redirectUris: [redirectUri], claims, ...more };
	oidc = await Oidc.start(options);
	await configureOAuth(api, oidc, fields);
}

const overridden = () => provide(mobileRedirectUri, { mobileOverrideEnabled: true, mobileRedirectUri });

/** Starts a flow as the app does, with its own secrets and no cookie. */
async function beginInApp(redirectUri = appUri) {
	const { state, codeVerifier } = await newFlowSecrets();
	const body = { redirectUri, state, codeChallenge: toCodeChallenge(codeVerifier) };
	const reply = await api.request('POST', '/api/oauth/authorize', { body });
	expect(reply.status, reply.text).toBe(201);
	return { url: OAuthAuthorizeResponseDto.parse(reply.body).url, state, codeVerifier };
}

/** Follows the provider's response through this server to the app. */
async function followToApp(came: string): Promise<string> {
	const { pathname, search } = new URL(came);
	const reply = await api.request('GET', `${pathname}${search}`);
	expect([reply.status, reply.cookies]).toEqual([307, []]);
	return reply.headers.location ?? '';
}

describe('the app with a provider that accepts only web addresses', () => {
	it('is redirected to the provider and back through this server, and signs in', async () => {
		await overridden();
		const { url, state, codeVerifier } = await beginInApp();
		const asked = new URL(url).searchParams;
		expect(asked.get('redirect_uri')).toBe(mobileRedirectUri);
		expect([asked.get('state'), asked.get('code_challenge')]).toEqual([state, toCodeChallenge(codeVerifier)]);

		const came = await oidc.approve(url, 'ann');
		expect(came.startsWith(`${mobileRedirectUri}?`)).toBe(true);
		const inApp = await followToApp(came);
		expect(inApp).toBe(`${appUri}${new URL(came).search}`);

		const body = { url: inApp, state, codeVerifier };
		const reply = await api.request('POST', '/api/oauth/callback', { body });
		expect(reply.status, reply.text).toBe(201);
		expect(reply.body).toMatchObject({ userEmail: 'ann@example.test' });
	});

	it.each([['app.immich:/oauth-callback'], ['app.immich:///oauth-callback'], ['app.immich:////oauth-callback']])(
		'can use the redirect URI %s',
		async (redirectUri) => {
			await overridden();
			const { url } = await beginInApp(redirectUri);
			expect(new URL(url).searchParams.get('redirect_uri')).toBe(mobileRedirectUri);
		}
	);

	it('signs in when it sends the provider’s redirect address', async () => {
		await overridden();
		const { url, state, codeVerifier } = await beginInApp();
		const body = { url: await oidc.approve(url, 'ann'), state, codeVerifier };
		expect((await api.request('POST', '/api/oauth/callback', { body })).status).toBe(201);
	});

	it('links an identity', async () => {
		await overridden();
		const { user, token } = await api.accounts.signIn();
		const { url, state, codeVerifier } = await beginInApp();
		const body = { url: await followToApp(await oidc.approve(url, 'ann')), state, codeVerifier };
		const reply = await api.request('POST', '/api/oauth/link', { body, token });
		expect([reply.status, reply.body]).toMatchObject([200, { id: user.id, oauthId: 'ann' }]);
	});

	it('leaves browsers’ redirect URIs unchanged', async () => {
		await overridden();
		const { url } = await beginInApp('http://photos.example.test/auth/login');
		expect(new URL(url).searchParams.get('redirect_uri')).toBe('http://photos.example.test/auth/login');
	});

	it('is refused without its own state and verifier, which work once', async () => {
		await overridden();
		const { url, state, codeVerifier } = await beginInApp();
		const inApp = await followToApp(await oidc.approve(url, 'ann'));
		const send = (body: object) => api.request('POST', '/api/oauth/callback', { body: { url: inApp, ...body } });
		expect((await send({ state })).body).toEqual(message('OAuth code verifier is missing'));
		expect((await send({ codeVerifier })).body).toEqual(message('OAuth state is missing'));
		const { codeVerifier: other } = await newFlowSecrets();
		for (const body of [
			{ state, codeVerifier: other },
			{ state: other, codeVerifier }
		]) {
			const reply = await send(body);
			expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
		}
		expect((await send({ state, codeVerifier })).status).toBe(201);
		expect((await send({ state, codeVerifier })).status).toBe(500);
	});
});

describe('the app with a provider that accepts its address', () => {
	const native = {
		client: {
			application_type: 'native' as const,
			token_endpoint_auth_method: 'none' as const,
			redirect_uris: [appUri]
		}
	};

	it.each([
		['the override is off', { mobileRedirectUri }],
		['the override leads nowhere', { mobileOverrideEnabled: true, mobileRedirectUri: '' }]
	])('signs in through its own address when %s', async (_, fields) => {
		await provide(appUri, { clientSecret: '', ...fields }, native);
		const { url, state, codeVerifier } = await beginInApp();
		expect(new URL(url).searchParams.get('redirect_uri')).toBe(appUri);
		const came = await oidc.approve(url, 'ann');
		expect(came.startsWith(`${appUri}?`)).toBe(true);
		const reply = await api.request('POST', '/api/oauth/callback', { body: { url: came, state, codeVerifier } });
		expect(reply.status, reply.text).toBe(201);
	});
});
