import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const redirect = 'https://photos.example.test/api/oauth/mobile-redirect';
const appUri = 'app.immich:///oauth-callback';
let oidc: Oidc;

beforeAll(async () => {
	const ann = { email: 'ann@example.test', email_verified: true };
	oidc = await Oidc.start({ redirectUris: [redirect], claims: { ann } });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await api.accounts.makeAdmin();
	await configureOAuth(api, oidc, { mobileOverrideEnabled: true, mobileRedirectUri: redirect });
});

/** Goes the way of the app: its own state and challenge, and the address that leads from a browser into it. */
async function signInByApp({ redirectUri = appUri, verifier = randomBytes(32).toString('base64url') } = {}) {
	const codeVerifier = randomBytes(32).toString('base64url');
	const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
	const { url } = await begin(api, { redirectUri, state: 'of-the-app', codeChallenge });
	expect(new URL(url).searchParams.get('redirect_uri')).toBe(redirect);
	const back = new URL(await oidc.approve(url, 'ann'));
	const reply = await api.request('GET', `${back.pathname}${back.search}`);
	expect(reply.status).toBe(307);
	const intoApp = String(reply.headers.location);
	expect(intoApp.startsWith(`${appUri}?code=`)).toBe(true);
	const finish = (body: object) => api.request('POST', '/api/oauth/callback', { body: { url: intoApp, ...body } });
	return { finish, codeVerifier, verifier };
}

it.each([appUri, 'app.immich:/oauth-callback', 'app.immich://oauth-callback'])(
	'the app signs in through a provider that takes web addresses only, from %s',
	async (redirectUri) => {
		const { finish, codeVerifier } = await signInByApp({ redirectUri });
		const reply = await finish({ state: 'of-the-app', codeVerifier });
		expect([reply.status, reply.body]).toMatchObject([201, { userEmail: 'ann@example.test' }]);
	}
);

it('nobody gets in by another verifier or state, or without one', async () => {
	const { finish, codeVerifier, verifier } = await signInByApp();
	for (const wrong of [
		{ state: 'of-the-app', codeVerifier: verifier },
		{ state: 'another', codeVerifier }
	])
		expect((await finish(wrong)).body).toEqual(message('Failed to finish oauth'));
	expect((await finish({ codeVerifier })).body).toEqual(message('OAuth state is missing'));
	expect((await finish({ state: 'of-the-app' })).body).toEqual(message('OAuth code verifier is missing'));
	expect(await api.prisma.session.count()).toBe(0);
});

it('the app’s own address goes to the provider where nothing else is set', async () => {
	await configureOAuth(api, oidc);
	const { url } = await begin(api, { redirectUri: appUri, state: 's', codeChallenge: 'c' });
	expect(new URL(url).searchParams.get('redirect_uri')).toBe(appUri);
});
